// What the record's pages ask of the server.
import { canDigest, sha256 } from '../call/digest.js';
import * as api from '../people/api.js';
import { loadedValue } from '../state/people.js';

/** @typedef {import('../app/actions.js').Actions} Actions */
/** @typedef {import('../state/types.js').AppState} AppState */
/** @typedef {import('./types.js').PastConsultation} PastConsultation */
/** @typedef {{list: PastConsultation[], more: boolean}} Past */

export const PAST = 'past consultations';
export const PROOF_KEY = 'record key';
/** Of the server's pages of past consultations. */
const PAGE = 50;

/** @param {string} consultation */
export function recordKey(consultation) {
  return `record ${consultation}`;
}

/** @param {Actions} act @param {string} consultation */
export function loadRecord(act, consultation) {
  act.people.load(recordKey(consultation), () => api.record.of(consultation));
  act.people.load(PROOF_KEY, loadKey);
}

/**
 * Heads name their key by the first 16 digits of its SHA-256.
 * @returns {Promise<import('./types.js').RecordKey>}
 */
async function loadKey() {
  const key = await api.record.key();
  const bytes = Uint8Array.from(atob(key.public_key), (letter) => letter.charCodeAt(0));
  return { ...key, fingerprint: canDigest() ? (await sha256(bytes.buffer)).slice(0, 16) : null };
}

/** @param {Actions} act */
export function loadPast(act) {
  return act.people.load(PAST, async () => pastOf([], await api.record.past(null)));
}

/** @param {Actions} act @param {AppState} state */
export async function loadMore(act, state) {
  /** @type {Past} */
  const { list } = loadedValue(state, PAST);
  // Several may have been asked for in the same millisecond.
  const before = list[list.length - 1].requested_at + 1;
  const next = await act.people.submit({ form: PAST, fields: [], work: () => api.record.past(before) });
  if (next) act.people.know(PAST, pastOf(list, next));
}

/** @param {PastConsultation[]} list @param {PastConsultation[]} next @returns {Past} */
function pastOf(list, next) {
  const known = new Set(list.map(({ id }) => id));
  return { list: [...list, ...next.filter(({ id }) => !known.has(id))], more: next.length >= PAGE };
}
