// The e-mailed link of a new account: whoever chose its password opens it, so that nobody can plant an account.
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { form, passwordField } from './form.js';
import { enterLink, followLink, linkPage } from './link.js';

/** @typedef {import('../ui/view.js').View} View */

export const enter = enterLink;

const FORM = 'confirm';

/** @param {View} view */
export function page(view) {
  const { t } = view;
  return linkPage(view, 'confirm', [{ href: '#/', key: 'link.sign_in' }, { href: '#/sign-up', key: 'confirm.again' }], () => h('div', { class: 'narrow' },
    heading(view, t('confirm.title')),
    h('p', { class: 'lead' }, t('confirm.lead')),
    form(view, { name: FORM, submit: t('confirm.submit'), card: true, send: (values) => send(view, values) }, [
      passwordField(view, FORM, { name: 'password', label: t('sign_in.password') }),
    ])));
}

/** @param {View} view @param {Record<string, string>} values */
async function send(view, { password }) {
  const { act } = view;
  const errors = { password: password ? undefined : 'sign_in.password_needed' };
  if (!await followLink(view, FORM, ['password'], errors, (token) => api.registration.confirm(token, password))) return;
  await act.account.restore();
  act.people.go('#/');
}
