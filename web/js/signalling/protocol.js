// Frames of mqm.v1 to values and back. Pure: no socket, no clock.
/** @typedef {import('./types.js').Frame} Frame */

export const SUBPROTOCOL = 'mqm.v1';

/** The types that change something: each needs a key, so that sending it again does it once. */
export const KEYED = new Set([
  'request.create', 'request.cancel', 'request.assign', 'request.unassign', 'request.claim', 'request.refuse', 'request.release',
  'room.open', 'consultation.start', 'consultation.end', 'consultation.confirm', 'consultation.close',
]);

/**
 * @param {{id: number, type: string, key?: string, body?: object}} request
 * @returns {string}
 */
export function encodeRequest({ id, type, key, body }) {
  return JSON.stringify({ id, type, ...(key ? { key } : {}), ...(body ? { body } : {}) });
}

/**
 * @param {{room: string, to: string, kind: string, negotiation: number, data: object, id?: number}} signal
 * @returns {string}
 */
export function encodeSignal({ id, room, to, kind, negotiation, data }) {
  return JSON.stringify({ ...(id ? { id } : {}), type: 'signal', room, to, kind, negotiation, data });
}

/**
 * Null for anything that is not a message of this protocol: a newer server may send what this client does not know.
 * @param {unknown} text
 * @returns {Frame | null}
 */
export function decode(text) {
  const message = parse(text);
  if (!message) return null;
  if ('re' in message) return decodeReply(message);
  if (typeof message.seq !== 'number' || typeof message.type !== 'string') return null;
  if (message.type === 'signal') {
    const { seq, room, from, to, kind, negotiation, data } = message;
    return { is: 'signal', signal: { seq, room, from, to, kind, negotiation, data } };
  }
  const { seq, type, room, body } = message;
  return { is: 'event', event: { seq, type, ...(room ? { room } : {}), body: body ?? {} } };
}

/**
 * @param {Record<string, any>} message
 * @returns {Frame | null}
 */
function decodeReply(message) {
  if (message.ok === true) return { is: 'reply', re: message.re, ok: true, body: message.body ?? {} };
  if (message.ok !== false || typeof message.error?.code !== 'string') return null;
  return { is: 'reply', re: message.re, ok: false, error: message.error };
}

/**
 * The reason of a close frame, which is JSON when the server gave one.
 * @param {string} reason
 * @returns {{code?: string, afterMs?: number}}
 */
export function decodeCloseReason(reason) {
  const value = parse(reason);
  if (!value) return {};
  return {
    ...(typeof value.code === 'string' ? { code: value.code } : {}),
    ...(Number.isFinite(value.after_ms) && value.after_ms >= 0 ? { afterMs: value.after_ms } : {}),
  };
}

/**
 * @param {unknown} text
 * @returns {Record<string, any> | null}
 */
function parse(text) {
  if (typeof text !== 'string') return null;
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** An error that the broker answered with, or `connection_lost` when there was no answer. */
export class BrokerError extends Error {
  /** @param {import('./types.js').WireError} error */
  constructor(error) {
    super(`${error.code}: ${error.message}`);
    this.name = 'BrokerError';
    this.code = error.code;
    this.retry = error.retry;
    this.afterMs = error.after_ms;
    this.details = error.details ?? {};
  }
}

/** @returns {BrokerError} */
export function connectionLost() {
  return new BrokerError({ code: 'connection_lost', message: 'the connection ended before the answer', retry: 'later' });
}
