// What the family page and the invitation page ask of the server.
import { fullName } from '../ui/parts.js';
import * as api from './api.js';
import { ADULT, ageOn } from './age.js';
import { actsFor } from './family-rules.js';
import { closeTask } from './family-task.js';

/** @typedef {import('../app/actions.js').Actions} Actions */
/** @typedef {import('../app/people.js').Values} Values */
/** @typedef {import('./types.js').Patient} Patient */
/** @typedef {import('./types.js').Received} Received */

export const FAMILY = 'family';
export const RECEIVED = 'received';
/** Under which the medical history of the patient who is looked at is kept, and no other. */
export const HEALTH = 'patient health';
export const LOSS = 'patient loss';
const HISTORY_CHARACTERS = 3000;

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
  return Promise.all([loadFamily(act), act.account.askConsents()]);
}

/**
 * @param {Values} values @param {number} now
 * @returns {Record<string, string | false | undefined>} keys of words by field
 */
export function childErrors({ given_name, family_name, birth_date }, now) {
  const age = ageOn(birth_date, now);
  return {
    given_name: given_name === '' && 'child.given_name_needed',
    family_name: family_name === '' && 'child.family_name_needed',
    birth_date: Number.isNaN(age) || birth_date === '' ? 'child.birth_date_needed' : age < 0 ? 'child.birth_date_future' : age >= ADULT && 'child.birth_date_adult',
  };
}

const CHILD_FIELDS = ['given_name', 'family_name', 'birth_date', 'attending', 'authority'];

/**
 * @param {Actions} act @param {Values} values
 * @param {import('./types.js').AttendingChoice} attending @param {number} now
 */
export async function addChild(act, values, attending, now) {
  const { given_name, family_name, birth_date } = values;
  const child = await act.people.submit({
    form: 'child', fields: CHILD_FIELDS,
    errors: { ...childErrors(values, now), authority: values.authority !== 'yes' && 'child.authority_needed' },
    work: () => api.patients.add({ given_name, family_name, birth_date, attending, authority: true }),
  });
  if (child) await finish(act, 'child.made', { name: fullName(child) });
}

/**
 * @param {Actions} act @param {Patient} patient @param {Values} values
 * @param {import('./types.js').AttendingChoice} attending @param {number} now
 */
export async function correctChild(act, patient, values, attending, now) {
  const { given_name, family_name, birth_date } = values;
  const { birth_date: wrong, ...names } = childErrors(values, now);
  const child = await act.people.submit({
    form: 'child-correct', fields: CHILD_FIELDS,
    // The account stays when its person grows up.
    errors: { ...names, birth_date: wrong !== 'child.birth_date_adult' && wrong },
    work: () => api.patients.correct(patient.id, { given_name, family_name, birth_date, attending }),
  });
  if (child) await finish(act, 'child.saved', { name: fullName(child) });
}

/** @param {Actions} act @param {Patient} patient @param {string} email @param {string} relation */
export async function invite(act, patient, email, relation) {
  const done = await act.people.submit({
    form: 'invite', fields: ['email'],
    errors: { email: !/^\S+@\S+$/.test(email) && 'sign_in.email_needed' },
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
 * @param {Values} values
 * @returns {{errors: Record<string, string | false>, health: {history: string | null, social_security_number: string | null}}}
 */
export function readHealth({ history, social_security_number }) {
  const number = social_security_number.replace(/[\s.]/g, '');
  return {
    errors: {
      history: [...history].length > HISTORY_CHARACTERS && 'patient.health.history_too_long',
      social_security_number: number !== '' && !/^[0-9]{15}$/.test(number) && 'patient.health.number_wrong',
    },
    health: { history: history || null, social_security_number: number || null },
  };
}

/** @param {Actions} act @param {Patient} patient @param {Values} values */
export async function writeHealth(act, patient, values) {
  const { errors, health } = readHealth(values);
  const done = await act.people.submit({
    form: 'patient-health', fields: ['history', 'social_security_number'], errors,
    work: () => api.patients.writeHealth(patient.id, health),
  });
  if (!done) return;
  leaveHealth(act);
  act.people.tell('good', 'patient.health.saved');
}

/**
 * Nothing of it stays on the page.
 * @param {Actions} act
 */
export function leaveHealth(act) {
  closeTask(act);
  act.people.forget(HEALTH);
}

/** @param {Actions} act @param {Patient} patient @param {Values} values */
export async function erase(act, patient, { password, code }) {
  if (!actsFor(patient)) return;
  const done = await act.people.submit({
    form: 'patient-erase', fields: ['password', 'code'],
    errors: { password: password === '' && 'patient.erase.password_needed' },
    work: () => api.patients.erase(patient.id, { password, ...(code ? { code } : {}) }),
  });
  if (done) await finish(act, 'patient.erase.done', { name: fullName(patient) });
}

/** @param {Actions} act @param {string} key @param {Record<string, string>} values */
async function finish(act, key, values) {
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
