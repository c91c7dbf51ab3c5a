// What the record's pages ask of the server.
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
  act.people.load(PROOF_KEY, api.record.key);
}

/** @param {Actions} act */
export function loadPast(act) {
  return act.people.load(PAST, async () => pastOf([], await api.record.past(null)));
}

/** @param {Actions} act @param {AppState} state */
export async function loadMore(act, state) {
  /** @type {Past} */
  const { list } = loadedValue(state, PAST);
  const next = await act.people.submit({ form: PAST, fields: [], work: () => api.record.past(list[list.length - 1].requested_at) });
  if (next) act.people.know(PAST, pastOf(list, next));
}

/** @param {PastConsultation[]} list @param {PastConsultation[]} next @returns {Past} */
function pastOf(list, next) {
  const known = new Set(list.map(({ id }) => id));
  return { list: [...list, ...next.filter(({ id }) => !known.has(id))], more: next.length >= PAGE };
}
