// CU-4.1: another password, through the e-mail address. The answer is the same whether the address has an account or not.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { wrongEmail } from './checks.js';
import { backLink, form, textField } from './form.js';
import { mailbox, SENT } from './mailbox.js';

/** @typedef {import('../ui/view.js').View} View */

export { enter } from './sign-up.js';

const FORM = 'forgotten';

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  if (loadedValue(state, SENT)) return mailbox(view, 'mailbox.lead_forgotten');
  return h('div', { class: 'narrow' },
    backLink(view, '#/'),
    heading(view, t('forgotten.title')),
    h('p', { class: 'lead' }, t('forgotten.lead')),
    form(view, { name: FORM, submit: t('forgotten.submit'), card: true, send: (values) => send(view, values) }, [
      textField(view, FORM, { name: 'email', label: t('sign_in.email'), type: 'email', autocomplete: 'username', inputmode: 'email' }),
    ]));
}

/** @param {View} view @param {Record<string, string>} values */
async function send({ state, act }, { email }) {
  const answer = await act.people.submit({
    form: FORM, fields: ['email'], errors: { email: wrongEmail(email) }, work: () => api.password.forgotten(email, state.language),
  });
  if (answer) act.people.know(SENT, email);
}
