// What a practitioner reads of a patient's medical history stays no longer than its panel, and no longer than the consultation (CU-5.2).
import { isRunning } from './select.js';

/** @typedef {import('./types.js').PeopleState} PeopleState */

const PREFIX = 'medical ';

/**
 * The panel's name, and the key of what was loaded for it.
 * @param {string} consultation
 */
export function medicalKey(consultation) {
  return `${PREFIX}${consultation}`;
}

/**
 * @param {PeopleState} people
 * @param {import('./types.js').AppState['open']} open
 * @param {import('./types.js').ConsultationsState['byId']} byId
 * @returns {PeopleState} without what is of a closed panel or of a consultation that is over
 */
export function forgetMedical(people, open, byId) {
  const kept = Object.entries(people.data).filter(([key]) => !key.startsWith(PREFIX) || (open[key] && runs(byId[key.slice(PREFIX.length)])));
  return kept.length === Object.keys(people.data).length ? people : { ...people, data: Object.fromEntries(kept) };
}

/** @param {import('../signalling/types.js').Consultation | undefined} consultation */
function runs(consultation) {
  return consultation !== undefined && isRunning(consultation);
}
