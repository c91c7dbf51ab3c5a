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
  loadKey(act);
}

/** @param {Actions} act */
export function loadKey(act) {
  return act.people.load(PROOF_KEY, async () => {
    const key = await api.record.key();
    return { ...key, fingerprint: await fingerprintOf(key.public_key) };
  });
}

/**
 * Heads name their key so.
 * @param {string} key in base 64
 * @returns {Promise<string | null>} the first 16 digits of its SHA-256; null where the browser has none
 */
async function fingerprintOf(key) {
  if (!canDigest()) return null;
  return (await sha256(Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0)).buffer)).slice(0, 16);
}

/** @param {Actions} act */
export function loadPast(act) {
  return act.people.load(PAST, async () => pastOf([], await api.record.past(null)));
}

/** @param {Actions} act @param {AppState} state */
export async function loadMore(act, state) {
  /** @type {Past} */
  const { list } = loadedValue(state, PAST);
  const last = list[list.length - 1];
  const next = await act.people.submit({ form: 'past', fields: [], work: () => api.record.past(last) });
  if (next) act.people.know(PAST, pastOf(list, next));
}

/** @param {PastConsultation[]} list @param {PastConsultation[]} next @returns {Past} */
function pastOf(list, next) {
  const known = new Set(list.map(({ id }) => id));
  return { list: [...list, ...next.filter(({ id }) => !known.has(id))], more: next.length >= PAGE };
}
