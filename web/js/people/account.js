// CU-1, CU-11: one's own account, and where each part of it is read and corrected.
import { cares } from '../state/pages.js';
import { hasRole } from '../state/select.js';
import { h } from '../ui/dom.js';
import { fullName, heading, tag } from '../ui/parts.js';
import { loadDetails, DETAILS } from './details.js';
import { whenLoaded } from './loading.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Details} Details */

export const enter = loadDetails;

const TONE = { pending: 'plain', verified: 'good', refused: 'warn', suspended: 'danger' };

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  const parts = [
    'profile',
    ...(hasRole(state, 'patient') ? ['health'] : []),
    ...(hasRole(state, 'practitioner') ? ['practitioner'] : []),
    ...(cares(state) || hasRole(state, 'practitioner') ? ['consultations'] : []),
    'sign-in', 'devices', 'data', 'erase',
  ];
  return h('div', { class: 'column' },
    heading(view, t('account.title')),
    whenLoaded(view, DETAILS, () => enter(view), (details) => summary(view, details)),
    h('ul', { class: 'list', key: 'parts' }, parts.map((name) => h('li', { key: name },
      h('a', { class: 'card row part', href: `#/account/${name}`, 'data-test': `account-${name}` },
        h('span', { class: 'row-text' }, h('span', { class: 'row-title' }, t(`account.part.${name}`)), h('span', { class: 'muted' }, t(`account.part.${name}.lead`))))))));
}

/** @param {View} view @param {Details} details */
function summary({ t, words }, details) {
  const { birth_date, postal_address, attending, practitioner, pending_email } = details;
  return h('div', { class: 'card', key: 'summary', 'data-test': 'account-summary' },
    h('dl', { class: 'facts' },
      fact(t('account.name'), fullName(details)),
      fact(t('sign_in.email'), details.email),
      pending_email && fact(t('account.pending_email'), pending_email),
      birth_date && fact(t('form.birth_date'), words.date(Date.parse(`${birth_date}T12:00:00`))),
      postal_address && fact(t('form.address'), `${postal_address.street}\n${postal_address.postal_code} ${postal_address.city}`),
      attending !== undefined && birth_date && fact(t('account.attending'), attending ? ('id' in attending ? fullName(attending) : attending.name) : t('account.nobody'))),
    practitioner && tag({ name: 'verification', tone: TONE[practitioner.verification], label: t(`verification.${practitioner.verification}`), test: 'verification' }));
}

/** @param {string} label @param {string} value */
function fact(label, value) {
  return h('div', { key: label }, h('dt', null, label), h('dd', null, value));
}
