// What the family page and the invitation page ask of the server.
import { fullName } from '../ui/parts.js';
import * as api from './api.js';
import { wrongEmail } from './checks.js';
import { closeTask } from './family-task.js';

/** @typedef {import('../app/actions.js').Actions} Actions */
/** @typedef {import('./types.js').Patient} Patient */
/** @typedef {import('./types.js').Received} Received */

export const FAMILY = 'family';
export const RECEIVED = 'received';
/** Under which the medical history of the patient who is looked at is kept, and no other. */
export const HEALTH = 'patient health';
export const LOSS = 'patient loss';

/** @param {Actions} act */
export function loadFamily(act) {
  act.people.forget(HEALTH);
  return act.people.load(FAMILY, api.patients.all);
}

/** @param {Actions} act */
export function loadReceived(act) {
  return act.people.load(RECEIVED, api.invitations.all);
}

/** @param {Actions} act @param {string} patient */
export function loadHealth(act, patient) {
  act.people.forget(HEALTH);
  return act.people.load(HEALTH, () => api.patients.health(patient));
}

/** @param {Actions} act @param {string} patient */
export function loadLoss(act, patient) {
  act.people.forget(LOSS);
  return act.people.load(LOSS, () => api.patients.loss(patient));
}

/**
 * Whom one may ask a consultation for has changed, and with it perhaps one's roles: the answer to a new hello says so to all pages.
 * @param {Actions} act
 */
function changed(act) {
  return Promise.all([loadFamily(act), act.account.refresh()]);
}

/** @param {Actions} act @param {Patient} patient @param {string} email @param {string} relation */
export async function invite(act, patient, email, relation) {
  const done = await act.people.submit({
    form: 'invite', fields: ['email'],
    errors: { email: wrongEmail(email) },
    work: () => api.patients.invite(patient.id, email, relation),
  });
  if (!done) return;
  closeTask(act);
  act.people.tell('good', 'invite.sent', { email });
  await loadFamily(act);
}

/** @param {Actions} act @param {Patient} patient @param {string} invitation */
export async function uninvite(act, patient, invitation) {
  const done = await act.people.submit({ form: `uninvite ${invitation}`, fields: [], work: () => api.patients.uninvite(patient.id, invitation) });
  if (!done) return;
  act.people.tell('good', 'invitations.cancelled');
  await loadFamily(act);
}

/** @param {Actions} act @param {Patient} patient @param {Patient['guardians'][number]} guardian @param {boolean} oneself */
export async function unlink(act, patient, guardian, oneself) {
  const done = await act.people.submit({ form: 'unlink', fields: [], work: () => api.patients.unlink(patient.id, guardian.id) });
  if (!done) return;
  act.openOnly('unlink', false);
  act.people.tell('good', oneself ? 'guardians.stepped_back' : 'guardians.removed', { name: fullName(guardian), patient: fullName(patient) });
  await (oneself ? changed(act) : loadFamily(act));
}

/**
 * What ends a task that changed for whom one may ask: back to the list, which is read again.
 * @param {Actions} act @param {string} key @param {Record<string, string>} values
 */
export async function finish(act, key, values) {
  closeTask(act);
  act.people.tell('good', key, values);
  await changed(act);
}

/**
 * @param {Actions} act @param {Received} invitation @param {'accept' | 'decline'} answer
 * @returns {Promise<boolean>} whether it was taken
 */
export async function answer(act, invitation, answer) {
  const done = await act.people.submit({ form: `invitation ${invitation.id}`, fields: [], work: () => api.invitations[answer](invitation.id) });
  if (!done) return false;
  await Promise.all([loadReceived(act), answer === 'accept' && changed(act)]);
  return true;
}
