// The signalling client: one connection at a time, requests with answers, mutations that happen once, and coming back.
import { afterClose } from './backoff.js';
import { BrokerError, connectionLost, decode, encodeRequest, encodeSignal, KEYED, SUBPROTOCOL } from './protocol.js';

/** @typedef {import('./types.js').Phase} Phase */
/**
 * @typedef {object} Listener everything is optional
 * @property {(phase: Phase, info: {code?: string, afterMs?: number}) => void} [onPhase]
 * @property {(hello: import('./types.js').Hello) => void} [onHello]
 * @property {(event: import('./types.js').ServerEvent) => void} [onEvent]
 * @property {(signal: import('./types.js').ReceivedSignal) => void} [onSignal]
 * @property {(error: BrokerError) => void} [onError] an error that answers no request, for instance of a signal
 */
/**
 * @typedef {object} Pending
 * @property {string} type
 * @property {object} [body]
 * @property {string} [key]
 * @property {number} tries
 * @property {(body: any) => void} resolve
 * @property {(error: BrokerError) => void} reject
 */

const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
const GREETED_WITHIN_MS = 10_000;
const TRIES = 5;
const RETRIED = new Set(['too_fast', 'unavailable']);

export class SignallingClient {
  /**
   * @param {object} options
   * @param {string} options.url ws: or wss:
   * @param {Listener} options.listener
   * @param {() => string | undefined} [options.token] for programs; browsers are signed in by their cookie
   * @param {string} [options.name] name/version
   * @param {typeof WebSocket} [options.WebSocket]
   * @param {() => number} [options.random]
   * @param {() => string} [options.uuid]
   */
  constructor({ url, listener, token, name = 'mqm-web/1', WebSocket = globalThis.WebSocket, random = Math.random, uuid = makeUuid }) {
    this.url = url;
    this.listener = listener;
    this.token = token;
    this.name = name;
    this.WebSocket = WebSocket;
    this.random = random;
    this.uuid = uuid;
    /** @type {Phase} */
    this.phase = 'idle';
    /** @type {WebSocket | null} */
    this.socket = null;
    this.attempt = 0;
    this.nextId = 1;
    this.lastSeq = 0;
    this.lastHeard = 0;
    /** @type {Map<number, Pending>} */
    this.pending = new Map();
    /**
     * Mutations without an answer yet: they survive the connection.
     * @type {Set<Pending>}
     */
    this.unanswered = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.comeBack = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pinger = undefined;
  }

  start() {
    if (this.phase === 'connecting' || this.phase === 'online') return;
    this.attempt = 0;
    this.connect();
  }

  /** Ends the connection for good; what was not answered is refused with `connection_lost`. */
  stop() {
    this.drop();
    for (const mutation of this.unanswered) mutation.reject(connectionLost());
    this.unanswered.clear();
    this.become('idle', {});
  }

  /** To be called when the network came back or the page is looked at again. */
  wake() {
    if (this.phase === 'lost') {
      this.attempt = 0;
      this.connect();
    } else if (this.phase === 'online') {
      this.probe();
    }
  }

  /**
   * @param {string} type
   * @param {object} [body]
   * @returns {Promise<any>} the reply's body; rejects with BrokerError
   */
  request(type, body) {
    return new Promise((resolve, reject) => {
      /** @type {Pending} */
      const pending = { type, body, tries: 0, resolve, reject };
      if (KEYED.has(type)) {
        pending.key = this.uuid();
        this.unanswered.add(pending);
        if (this.phase === 'online') this.transmit(pending);
      } else if (this.phase === 'online') {
        this.transmit(pending);
      } else {
        reject(connectionLost());
      }
    });
  }

  /**
   * Best effort: a signal that cannot be sent now is of no use later, because the negotiation will be another one.
   * @param {{room: string, to: string, kind: string, negotiation: number, data: object}} signal
   */
  signal(signal) {
    if (this.phase === 'online') this.socket?.send(encodeSignal(signal));
  }

  /** @param {Phase} phase @param {{code?: string, afterMs?: number}} info */
  become(phase, info) {
    this.phase = phase;
    this.listener.onPhase?.(phase, info);
  }

  connect() {
    this.drop();
    this.become('connecting', {});
    const socket = new this.WebSocket(this.url, SUBPROTOCOL);
    this.socket = socket;
    this.nextId = 1;
    this.lastSeq = 0;
    this.pinger = setTimeout(() => this.ended(1006, ''), GREETED_WITHIN_MS);
    // Every handler asks whether its socket is still the one: a late event of an old socket must change nothing.
    socket.onopen = () => this.socket === socket && this.hello();
    socket.onmessage = (message) => this.socket === socket && this.hear(message.data);
    socket.onclose = (event) => this.socket === socket && this.ended(event.code, event.reason);
  }

  hello() {
    const token = this.token?.();
    this.transmit({
      type: 'hello',
      body: { client: this.name, ...(token ? { token } : {}) },
      tries: 0,
      resolve: (body) => {
        this.attempt = 0;
        this.phase = 'online';
        // Before the listener, whose own new mutations would otherwise be sent twice.
        for (const mutation of this.unanswered) this.transmit(mutation);
        this.schedulePing();
        this.become('online', {});
        this.listener.onHello?.(body);
      },
      // The server closes the connection after a refused hello, and the close code says what to do.
      reject: () => {},
    });
  }

  /** @param {Pending} pending */
  transmit(pending) {
    const id = this.nextId++;
    this.pending.set(id, pending);
    this.socket?.send(encodeRequest({ id, type: pending.type, key: pending.key, body: pending.body }));
  }

  /** @param {unknown} data */
  hear(data) {
    this.lastHeard = Date.now();
    const frame = decode(data);
    if (!frame) return;
    if (frame.is === 'reply') return this.answer(frame);
    const seq = frame.is === 'event' ? frame.event.seq : frame.signal.seq;
    if (seq !== this.lastSeq + 1) return this.ended(4000, '');
    this.lastSeq = seq;
    if (frame.is === 'event') this.listener.onEvent?.(frame.event);
    else this.listener.onSignal?.(frame.signal);
  }

  /** @param {Extract<import('./types.js').Frame, {is: 'reply'}>} frame */
  answer(frame) {
    const pending = frame.re === null ? undefined : this.pending.get(frame.re);
    if (frame.re !== null) this.pending.delete(frame.re);
    if (!pending) {
      if (!frame.ok) this.listener.onError?.(new BrokerError(frame.error));
      return;
    }
    if (frame.ok) {
      this.unanswered.delete(pending);
      pending.resolve(frame.body);
      return;
    }
    const error = new BrokerError(frame.error);
    if (RETRIED.has(error.code) && error.retry !== 'never' && ++pending.tries < TRIES) {
      const socket = this.socket;
      setTimeout(() => this.again(pending, socket), error.afterMs ?? 1000);
      return;
    }
    this.unanswered.delete(pending);
    pending.reject(error);
  }

  /** @param {Pending} pending @param {WebSocket | null} socket */
  again(pending, socket) {
    if (this.socket === socket && this.phase === 'online') this.transmit(pending);
    else if (!pending.key) pending.reject(connectionLost());
  }

  /** @param {number} code @param {string} reason */
  ended(code, reason) {
    const next = afterClose(code, reason, this.attempt, this.random);
    this.attempt += 1;
    this.drop();
    if (!next.again) {
      for (const mutation of this.unanswered) mutation.reject(connectionLost());
      this.unanswered.clear();
      return this.become('over', { code: next.code });
    }
    this.comeBack = setTimeout(() => this.connect(), next.afterMs);
    this.become('lost', { code: next.code, afterMs: next.afterMs });
  }

  drop() {
    clearTimeout(this.comeBack);
    clearTimeout(this.pinger);
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    const lost = [...this.pending.values()].filter((pending) => !pending.key);
    this.pending.clear();
    for (const pending of lost) pending.reject(connectionLost());
  }

  schedulePing() {
    clearTimeout(this.pinger);
    this.pinger = setTimeout(() => this.probe(), PING_EVERY_MS);
  }

  /** A dead network does not close a browser's socket for minutes; silence after a ping does it here. */
  probe() {
    clearTimeout(this.pinger);
    const asked = Date.now();
    this.request('ping').catch(() => {});
    this.pinger = setTimeout(() => {
      if (this.lastHeard >= asked) this.schedulePing();
      else this.ended(1006, '');
    }, PONG_WITHIN_MS);
  }
}

/** randomUUID exists only in secure contexts; a demonstration over plain HTTP in a local network is none. */
export function makeUuid() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
