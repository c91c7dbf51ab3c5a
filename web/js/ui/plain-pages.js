// Pages that only say something.
import { h } from './dom.js';
import { icon } from './icons.js';
import { heading } from './parts.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function loadingPage({ t }) {
  return h('div', { class: 'narrow centred' }, h('p', { class: 'lead' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), t('loading')));
}

/** @param {View} view */
export function notVerifiedPage(view) {
  const verification = view.state.session.practitioner?.verification ?? 'pending';
  return message(view, 'clock', view.t(`not_verified.title.${verification}`), view.t(`not_verified.${verification}`));
}

/** @param {View} view */
export function operatorPage(view) {
  return message(view, 'settings', view.t('operator.title'), view.t('operator.lead'));
}

/** @param {View} view @param {string} name @param {string} title @param {string} text @param {import('./dom.js').Child} [next] */
export function message(view, name, title, text, next) {
  return h('div', { class: 'narrow centred message' },
    h('div', { class: 'hero-mark', 'aria-hidden': 'true' }, icon(name)),
    heading(view, title, 'message-title'),
    h('p', { class: 'lead' }, text),
    next);
}
