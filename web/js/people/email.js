// The e-mailed link to a new address. One press, so that a program that only opens links confirms nothing.
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { form } from './form.js';
import { enterLink, followLink, linkDone, linkPage } from './link.js';

/** @typedef {import('../ui/view.js').View} View */

export const enter = enterLink;

const FORM = 'email';

/** @param {View} view */
export function page(view) {
  const { t } = view;
  return linkPage(view, 'email', [{ href: '#/account/sign-in', key: 'email.again' }], () => h('div', { class: 'narrow' },
    heading(view, t('email.title')),
    h('p', { class: 'lead' }, t('email.lead')),
    form(view, { name: FORM, submit: t('email.submit'), send: () => send(view) }, [])));
}

/** @param {View} view */
async function send(view) {
  if (await followLink(view, FORM, [], {}, api.email.confirm)) linkDone(view);
}
