// Pages that only say something.
import { h } from './dom.js';
import { icon } from './icons.js';
import { button, heading } from './parts.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function loadingPage(view) {
  const { state, t, act } = view;
  if (state.people.broken) {
    return message(view, 'settings', t('broken.title'), t('broken.lead'),
      button({ test: 'page-retry', look: 'primary', label: t('retry'), press: () => act.loadPageAgain() }));
  }
  return h('div', { class: 'narrow centred' }, h('p', { class: 'lead' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), t('loading')));
}

/** @param {View} view @param {string} name @param {string} title @param {string} text @param {import('./dom.js').Child} [next] */
export function message(view, name, title, text, next) {
  return h('div', { class: 'narrow centred message' },
    h('div', { class: 'hero-mark', 'aria-hidden': 'true' }, icon(name)),
    heading(view, title, 'message-title'),
    h('p', { class: 'lead' }, text),
    next);
}
