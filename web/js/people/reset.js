// CU-4.1: the e-mailed link to another password.
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { wrongPassword } from './checks.js';
import { form, passwordField } from './form.js';
import { enterLink, followLink, linkDone, linkPage } from './link.js';

/** @typedef {import('../ui/view.js').View} View */

export const enter = enterLink;

const FORM = 'reset';

/** @param {View} view */
export function page(view) {
  const { t } = view;
  return linkPage(view, 'reset', [{ href: '#/forgotten', key: 'reset.again' }], () => h('div', { class: 'narrow' },
    heading(view, t('reset.title')),
    h('p', { class: 'lead' }, t('reset.lead')),
    form(view, { name: FORM, submit: t('reset.submit'), card: true, send: (values) => send(view, values) }, [
      passwordField(view, FORM, { name: 'password', label: t('form.new_password'), hint: t('form.password_hint'), chosen: true }),
    ])));
}

/** @param {View} view @param {Record<string, string>} values */
async function send(view, { password }) {
  if (await followLink(view, FORM, ['password'], { password: wrongPassword(password) }, (token) => api.password.reset(token, password))) linkDone(view);
}
