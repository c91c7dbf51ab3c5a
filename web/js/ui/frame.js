// What surrounds every page: header, connection banner, notices, footer.
import { cares, pageOf } from '../state/pages.js';
import { hasRole, serverNow } from '../state/select.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { button, fullName } from './parts.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {boolean} full the call needs the room on a phone */
export function header(view, full) {
  const { state, t, act } = view;
  const { account, consentsNeeded } = state.session;
  const name = account && fullName(account);
  return h('header', { class: `header${full ? ' header-full' : ''}`, key: 'header' },
    h('a', { class: 'brand', href: '#/', 'data-test': 'brand' }, icon('mark'), h('span', null, 'MQM')),
    account && consentsNeeded.length === 0 && sides(view),
    h('div', { class: 'header-end' },
      name && (full || consentsNeeded.length > 0
        ? h('span', { class: 'who', key: 'who', 'data-test': 'signed-in-as', title: t('signed_in_as', { name }) }, icon('person'), h('span', null, name))
        : h('a', { class: 'who', key: 'account', href: '#/account', 'data-test': 'nav-account', 'aria-label': t('nav.account', { name }), title: t('nav.account', { name }),
          'aria-current': state.route.page.startsWith('account') && 'page' }, icon('person'), h('span', { 'data-test': 'signed-in-as' }, name))),
      button({ key: 'language', test: 'language', look: 'quiet', label: h('span', { lang: state.language === 'fr' ? 'en' : 'fr' }, t('language.other')),
        press: () => act.setLanguage(state.language === 'fr' ? 'en' : 'fr') }),
      account && button({ key: 'out', test: 'sign-out', look: 'quiet', label: t('sign_out'), busy: state.forms['sign-out']?.busy,
        press: () => act.account.signOut() })));
}

/**
 * Only for those who have more than one side.
 * @param {View} view
 */
function sides({ state, t }) {
  /** @type {string} */
  const page = pageOf(state);
  const desk = page === 'desk' || page === 'not-verified';
  const links = [
    ...(hasRole(state, 'practitioner') ? [{ name: 'desk', href: '#/desk', here: desk }] : []),
    ...(cares(state) ? [
      { name: 'home', href: '#/', here: ['home', 'ask', 'consultation', 'call'].includes(page) },
      { name: 'family', href: '#/family', here: page === 'family' },
    ] : []),
    ...(hasRole(state, 'operator') ? [{ name: 'operator', href: '#/operator', here: page.startsWith('operator') }] : []),
  ];
  if (links.length < 2) return null;
  return h('nav', { class: 'sides', 'aria-label': t('nav'), key: 'sides' },
    links.map(({ name, href, here }) => h('a', { key: name, href, 'aria-current': here && 'page', 'data-test': `nav-${name}` }, t(`nav.${name}`))));
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

/**
 * CU-5.1. In a call it is a notice instead: there it changes nothing.
 * @param {View} view
 * @param {boolean} full
 */
export function maintenance({ state, t, words }, full) {
  const announced = state.maintenance;
  return h('div', { role: 'status', key: 'maintenance', 'data-test': 'maintenance' },
    announced && !full && h('div', { class: 'maintenance' },
      h('p', null, h('strong', null, t('maintenance.title')), ' ', t('maintenance.until', { moment: words.moment(announced.until, serverNow(state)) })),
      h('p', { 'data-test': 'maintenance-message' }, announced.message)));
}

/** @param {View} view */
export function notices({ state, t, act }) {
  return h('div', { class: 'notices', role: 'status', 'aria-live': 'polite', key: 'notices', 'data-test': 'notices' },
    state.notices.map(({ id, tone, key, values }) => h('div', { class: `notice notice-${tone}`, key: String(id), 'data-test': `notice-${tone}`, 'data-notice': key },
      h('p', null, t(key, values)),
      h('button', { type: 'button', class: 'notice-close', 'aria-label': t('dismiss'), 'data-test': 'notice-dismiss', onclick: () => act.dismiss(id) }, icon('close')))));
}

/**
 * The texts and the support (CU-4.3), from everywhere but a call.
 * @param {View} view
 */
export function footer({ state, t }) {
  /** @param {string} name @param {string} href @param {boolean} here */
  const link = (name, href, here) => h('li', { key: name }, h('a', { href, 'aria-current': here && 'page', 'data-test': `footer-${name}` }, t(`footer.${name}`)));
  const text = 'parameter' in state.route && state.route.page === 'texts' ? state.route.parameter ?? 'terms' : '';
  return h('footer', { class: 'footer', key: 'footer' },
    h('nav', { 'aria-label': t('footer') }, h('ul', null,
      link('terms', '#/texts/terms', text === 'terms'),
      link('privacy', '#/texts/privacy', text === 'privacy'),
      link('support', '#/support', state.route.page === 'support'))));
}
