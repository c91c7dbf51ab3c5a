// What surrounds every page: header, connection banner, notices.
import { onDesk } from '../state/pages.js';
import { hasRole } from '../state/select.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { button, fullName } from './parts.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {boolean} full the call needs the room on a phone */
export function header(view, full) {
  const { state, t, act } = view;
  const { account } = state.session;
  return h('header', { class: `header${full ? ' header-full' : ''}`, key: 'header' },
    h('a', { class: 'brand', href: '#/', 'data-test': 'brand' }, icon('mark'), h('span', null, 'MQM')),
    sides(view),
    h('div', { class: 'header-end' },
      account && h('span', { class: 'who', key: 'who', 'data-test': 'signed-in-as', title: t('signed_in_as', { name: fullName(account) }) },
        icon('person'), h('span', null, fullName(account))),
      button({ key: 'language', test: 'language', look: 'quiet', label: h('span', { lang: state.language === 'fr' ? 'en' : 'fr' }, t('language.other')),
        press: () => act.setLanguage(state.language === 'fr' ? 'en' : 'fr') }),
      account && button({ key: 'out', test: 'sign-out', look: 'quiet', label: t('sign_out'), busy: state.forms['sign-out']?.busy,
        press: () => act.account.signOut() })));
}

/**
 * Only for those who are practitioners and patients.
 * @param {View} view
 */
function sides({ state, t }) {
  if (!hasRole(state, 'practitioner') || !(hasRole(state, 'patient') || hasRole(state, 'guardian'))) return null;
  const desk = onDesk(state);
  return h('nav', { class: 'sides', 'aria-label': t('nav'), key: 'sides' },
    h('a', { href: '#/desk', 'aria-current': desk && 'page', 'data-test': 'nav-desk' }, t('nav.desk')),
    h('a', { href: '#/', 'aria-current': !desk && 'page', 'data-test': 'nav-home' }, t('nav.home')));
}

/**
 * The call says the same in its own place.
 * @param {View} view
 * @param {boolean} full
 */
export function banner({ state, t }, full) {
  const { phase } = state.connection;
  return h('div', { class: 'banner-place', role: 'status', 'aria-live': 'polite', key: 'banner', 'data-test': 'connection' },
    phase === 'lost' && !full && h('p', { class: 'banner' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), t('connection.lost')),
    phase === 'over' && h('p', { class: 'banner' }, t('connection.over'), ' ',
      h('button', { type: 'button', class: 'button button-quiet', 'data-test': 'reload', onclick: () => location.reload() }, t('connection.reload'))));
}

/** @param {View} view */
export function notices({ state, t, act }) {
  return h('div', { class: 'notices', role: 'status', 'aria-live': 'polite', key: 'notices', 'data-test': 'notices' },
    state.notices.map(({ id, tone, key, values }) => h('div', { class: `notice notice-${tone}`, key: String(id), 'data-test': `notice-${tone}`, 'data-notice': key },
      h('p', null, t(key, values)),
      h('button', { type: 'button', class: 'notice-close', 'aria-label': t('dismiss'), 'data-test': 'notice-dismiss', onclick: () => act.dismiss(id) }, icon('close')))));
}
