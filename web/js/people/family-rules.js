// Who may accompany whom, and what a card of the family page offers.
/** @typedef {import('./types.js').Patient} Patient */
/** @typedef {import('./types.js').Relation} Relation */

/** Guardians and open invitations together. */
const MOST = 2;

/**
 * The one relation that fits the patient: a tutor or curator by the protection, a parent for a minor; an adult is never accompanied (CU-6.3).
 * @param {Pick<Patient, 'protection' | 'status'>} patient
 * @returns {Relation | null}
 */
export function fittingRelation({ protection, status }) {
  if (protection === 'tutelle') return 'tutor';
  if (protection === 'curatelle') return 'curator';
  return status === 'minor' ? 'parent' : null;
}

/** @param {Pick<Patient, 'guardians' | 'invitations'>} patient */
export function hasRoom({ guardians, invitations }) {
  return guardians.length + invitations.length < MOST;
}

/**
 * Data of somebody who signs in themselves are theirs to correct, export and erase.
 * @param {Pick<Patient, 'relation' | 'own_sign_in'>} patient
 */
export function actsFor({ relation, own_sign_in }) {
  return relation !== 'self' && !own_sign_in;
}
