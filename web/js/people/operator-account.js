// One account as an operator sees it, and what an operator may do with it. No health data.
import { h } from '../ui/dom.js';
import { button, fullName, tag } from '../ui/parts.js';
import { facts } from './facts.js';
import { fittingRelation } from './family-rules.js';
import { choices, textField } from './form.js';
import { decision } from './operator-parts.js';
import { closeOrReopen, inviteGuardian, protect } from './operator-requests.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').OperatorAccount} OperatorAccount */

const PROTECTIONS = ['none', 'tutelle', 'curatelle'];

/** @param {View} view @param {OperatorAccount} account */
export function accountCard(view, account) {
  const { t, words } = view;
  const { closed } = account;
  return h('section', { class: 'card person', key: account.id, 'aria-labelledby': 'account-name', 'data-test': 'account', 'data-account': account.id, 'data-closed': String(closed !== null) },
    h('h2', { id: 'account-name' }, fullName(account)),
    h('p', { class: 'tags' }, tag({ name: 'state', tone: closed ? 'danger' : 'good', label: t(closed ? 'accounts.closed' : 'accounts.open'), test: 'account-state' })),
    facts([
      [t('practitioners.email'), account.email], [t('accounts.roles'), account.roles.map((role) => t(`accounts.role.${role}`)).join(', ')],
      [t('accounts.created'), words.date(account.created_at)], [t('accounts.factor'), t(account.second_factor ? 'accounts.factor.on' : 'accounts.factor.off')],
      [t('accounts.protection'), isPatient(account) && t(`accounts.protection.${account.protection ?? 'none'}`)],
      [t('accounts.closed'), closed && words.date(closed.at)], [t('operator.ground'), closed?.ground],
    ]),
    question(view, account) ?? acts(view, account));
}

/** @param {View} view @param {OperatorAccount} account */
function acts({ state, t, act }, account) {
  const option = (/** @type {string} */ name, /** @type {'plain' | 'quiet'} */ look = 'plain') =>
    button({ key: name, test: `account-${name}`, look, label: t(`accounts.${name}`), press: () => act.openOnly(`account ${name}`, true) });
  return h('div', { class: 'buttons', key: 'acts', role: 'group', 'aria-labelledby': 'account-name' },
    isPatient(account) && option('invite'),
    isPatient(account) && option('protect'),
    account.closed ? option('reopening') : account.id !== state.session.account?.id && option('closing', 'quiet'));
}

/** @param {View} view @param {OperatorAccount} account */
function question(view, account) {
  const { state, t, act } = view;
  const asked = ['closing', 'reopening', 'protect', 'invite'].find((name) => state.open[`account ${name}`]);
  if (!asked) return null;
  const options = {
    name: 'decision', question: t(`accounts.${asked}.question`, { name: fullName(account) }), effect: t(`accounts.${asked}.effect`), yes: t(`accounts.${asked}.yes`),
    close: () => act.openOnly('account', false),
  };
  if (asked === 'protect') {
    return decision(view, { ...options, send: ({ protection, ground }) => protect(act, account, protection, ground) },
      [choices(view, 'decision', { name: 'protection', legend: t('accounts.protection'), value: account.protection ?? 'none',
        options: PROTECTIONS.map((value) => ({ value, label: t(`accounts.protection.${value}`) })) })]);
  }
  if (asked === 'invite') {
    const relation = fittingRelation({ protection: account.protection ?? 'none', status: 'minor' }) ?? 'parent';
    return decision(view, { ...options, ground: false, send: ({ email }) => inviteGuardian(act, account, email, relation) }, [
      textField(view, 'decision', { name: 'email', label: t('accounts.invite.email'), type: 'email', autocomplete: 'off', inputmode: 'email' }),
      h('p', { key: 'relation', 'data-test': 'decision-relation', 'data-relation': relation }, t('accounts.invite.relation'), ' ', h('strong', null, t(`accounts.relation.${relation}`))),
    ]);
  }
  const what = asked === 'closing' ? 'closing' : 'reopening';
  return decision(view, { ...options, look: what === 'closing' ? 'danger' : 'primary', send: ({ ground }) => closeOrReopen(act, account, what, ground) });
}

/** @param {OperatorAccount} account */
function isPatient({ roles }) {
  return roles.includes('patient');
}
