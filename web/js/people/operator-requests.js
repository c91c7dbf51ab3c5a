// What operators ask of the server; each decision has its ground, which is recorded.
import { loadedValue } from '../state/people.js';
import { fullName } from '../ui/parts.js';
import * as api from './api.js';
import { wrongEmail } from './checks.js';
import { groundError } from './operator-parts.js';

/** @typedef {import('../app/actions.js').Actions} Actions */
/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').OperatorPractitioner} OperatorPractitioner */
/** @typedef {import('./types.js').OperatorAccount} OperatorAccount */

export const COUNTS = 'operator counts';
export const PRACTITIONERS = 'operator practitioners';
export const ACCOUNT = 'operator account';
export const AUDIT = 'operator audit';

/**
 * @param {Actions} act @param {string} filter a verification, or `all`
 * @param {{list: OperatorPractitioner[], next: string | null}} [before] the pages that are there already
 */
export function loadPractitioners(act, filter, before) {
  return act.people.load(PRACTITIONERS, async () => {
    const { practitioners, next } = await api.operator.practitioners({ verification: filter === 'all' ? undefined : filter, after: before?.next });
    return { filter, list: [...(before?.list ?? []), ...practitioners], next };
  });
}

/** @param {View} view @param {OperatorPractitioner} practitioner @param {string} made the decision @param {string} ground */
export async function decide({ state, act }, practitioner, made, ground) {
  const done = await act.people.submit({
    form: 'decision', fields: ['ground'], errors: { ground: groundError(ground) },
    work: () => api.operator.decide(practitioner.id, made, ground),
  });
  if (!done) return;
  act.openOnly('decide', false);
  act.people.tell('good', `practitioners.done.${made}`, { name: fullName(practitioner) });
  await Promise.all([act.people.load(COUNTS, api.operator.counts), loadPractitioners(act, loadedValue(state, PRACTITIONERS)?.filter ?? 'pending')]);
}

/** @param {Actions} act @param {string} email */
export async function findAccount(act, email) {
  act.openOnly('account', false);
  const found = await act.people.submit({
    form: 'find', fields: ['email'], errors: { email: wrongEmail(email) },
    work: () => api.operator.findAccount(email),
  });
  if (found) act.people.know(ACCOUNT, { email, account: found.account });
}

/**
 * @template T
 * @param {Actions} act @param {OperatorAccount} account
 * @param {{fields: string[], errors: Record<string, string | false | undefined>, work: () => Promise<T>, said: string, values?: Record<string, string>}} what
 */
async function change(act, account, { fields, errors, work, said, values }) {
  const done = await act.people.submit({ form: 'decision', fields, errors, work });
  if (!done) return;
  act.openOnly('account', false);
  act.people.tell('good', said, values ?? { name: fullName(account) });
  await findAccount(act, account.email);
}

/** @param {Actions} act @param {OperatorAccount} account @param {'closing' | 'reopening'} what @param {string} ground */
export function closeOrReopen(act, account, what, ground) {
  return change(act, account, {
    fields: ['ground'], errors: { ground: groundError(ground) }, said: `accounts.${what}.done`,
    work: () => what === 'closing' ? api.operator.close(account.id, ground) : api.operator.reopen(account.id, ground),
  });
}

/** @param {Actions} act @param {OperatorAccount} account @param {string} protection @param {string} ground */
export function protect(act, account, protection, ground) {
  return change(act, account, {
    fields: ['protection', 'ground'], errors: { ground: groundError(ground) }, said: 'accounts.protect.done',
    work: () => api.operator.protect(account.id, protection, ground),
  });
}

/** @param {Actions} act @param {OperatorAccount} account @param {string} email @param {string} relation */
export function inviteGuardian(act, account, email, relation) {
  return change(act, account, {
    fields: ['email'], errors: { email: wrongEmail(email) }, said: 'accounts.invite.done', values: { email },
    work: () => api.patients.invite(account.id, email, relation),
  });
}

/** @param {Actions} act @param {number | null} after */
export function loadAudit(act, after) {
  return act.people.load(AUDIT, () => api.operator.audit(after));
}
