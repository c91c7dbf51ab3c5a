// Finding one account by its e-mail address, and acting on it with a ground (CU-12.2).
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { operatorFrame } from './operator-parts.js';
import { ACCOUNT, findAccount } from './operator-requests.js';
import { accountCard } from './operator-account.js';
import { form, textField } from './form.js';

/** @param {import('../ui/view.js').View} view */
export function page(view) {
  const { state, t, act } = view;
  /** @type {{email: string, account: import('./types.js').OperatorAccount | null} | null} */
  const found = loadedValue(state, ACCOUNT);
  return operatorFrame(view, t('accounts.title'), [
    form(view, { name: 'find', submit: t('accounts.find.submit'), card: true, large: false, send: ({ email }) => findAccount(act, email) },
      [textField(view, 'find', { name: 'email', label: t('accounts.find'), type: 'email', autocomplete: 'off', inputmode: 'email' })]),
    h('div', { key: 'found', class: 'found', 'aria-live': 'polite', 'data-test': 'found' },
      found && (found.account ? accountCard(view, found.account) : h('p', { class: 'empty', key: 'none', 'data-test': 'account-none' }, t('accounts.none', { email: found.email })))),
  ]);
}
