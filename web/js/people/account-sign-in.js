// How one signs in: e-mail address, password, second factor.
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { wrongEmail, wrongPassword } from './checks.js';
import { DETAILS, loadDetails } from './details.js';
import { backLink, form, passwordField, textField } from './form.js';
import { whenLoaded } from './loading.js';
import { forgetSecrets, secondFactorSection } from './second-factor.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Details} Details */

const EMAIL = 'change-email';
const PASSWORD = 'change-password';

/** @param {View} view @param {boolean} fresh */
export function enter(view, fresh) {
  if (fresh) forgetSecrets(view);
  loadDetails(view);
}

/** @param {View} view */
export function page(view) {
  const { t } = view;
  return h('div', { class: 'column' },
    backLink(view),
    heading(view, t('account.part.sign-in')),
    whenLoaded(view, DETAILS, () => loadDetails(view), (/** @type {Details} */ details) => [
      section('email', t('account.email_title'),
        h('p', null, t('account.email_now', { email: details.email })),
        details.pending_email && h('p', { class: 'panel', key: 'pending', 'data-test': 'pending-email' }, t('account.email_pending', { email: details.pending_email })),
        form(view, { name: EMAIL, submit: t('account.email_submit'), look: 'plain', large: false, send: (values) => changeEmail(view, details, values) }, [
          textField(view, EMAIL, { name: 'email', label: t('account.email_new'), hint: t('account.email_hint'), type: 'email', autocomplete: 'email', inputmode: 'email' }),
          passwordField(view, EMAIL, { name: 'password', label: t('form.current_password') }),
        ])),
      section('password', t('account.password_title'),
        form(view, { name: PASSWORD, submit: t('account.password_submit'), look: 'plain', large: false, send: (values) => changePassword(view, values) }, [
          h('input', { key: 'username', type: 'email', autocomplete: 'username', value: details.email, hidden: true, readonly: true, 'aria-hidden': 'true', tabindex: '-1' }),
          passwordField(view, PASSWORD, { name: 'current', label: t('form.current_password') }),
          passwordField(view, PASSWORD, { name: 'new', label: t('account.password_new'), hint: t('form.password_hint'), chosen: true }),
        ])),
      section('second-factor', t('second_factor.title'), secondFactorSection(view, details)),
    ]));
}

/** @param {string} name @param {string} title @param {...import('../ui/dom.js').Child} children */
function section(name, title, ...children) {
  return h('section', { class: 'card fields', key: name, 'aria-labelledby': `title-${name}`, 'data-test': `section-${name}` }, h('h2', { id: `title-${name}` }, title), ...children);
}

/** @param {View} view @param {Details} details @param {Record<string, string>} values */
async function changeEmail({ act }, details, { email, password }) {
  const done = await act.people.submit({
    form: EMAIL, fields: ['email', 'password'], errors: { email: wrongEmail(email), password: password ? undefined : 'sign_in.password_needed' },
    work: () => api.email.change(email, password),
  });
  if (!done) return;
  clear(EMAIL);
  act.people.know(DETAILS, { ...details, pending_email: email });
}

/** @param {View} view @param {Record<string, string>} values */
async function changePassword({ act }, values) {
  const done = await act.people.submit({
    form: PASSWORD, fields: ['current', 'new'], errors: { current: values.current ? undefined : 'sign_in.password_needed', new: wrongPassword(values.new) },
    work: () => api.password.change(values.current, values.new),
  });
  if (!done) return;
  clear(PASSWORD);
  act.people.tell('good', 'account.password_changed');
}

/**
 * Empties the passwords of a form that was sent: nobody should find them in the page.
 * @param {string} name
 */
function clear(name) {
  for (const input of document.querySelectorAll(`[data-test="${name}-form"] [autocomplete$="-password"]`)) /** @type {HTMLInputElement} */ (input).value = '';
}
