// What a page shows of something that it has asked the server for.
import { h } from '../ui/dom.js';
import { button } from '../ui/parts.js';

/** @typedef {import('../ui/view.js').View} View */

/**
 * @param {View} view
 * @param {string} key in `state.people.data`
 * @param {() => void} again
 * @param {(value: any) => import('../ui/dom.js').Child} draw
 * @returns {import('../ui/dom.js').Child}
 */
export function whenLoaded({ state, t }, key, again, draw) {
  const found = state.people.data[key];
  if (found?.value) return draw(found.value);
  if (found?.phase === 'failed') {
    return h('div', { class: 'panel panel-error', role: 'alert', key: `failed ${key}`, 'data-test': 'load-failed' },
      h('p', null, t(found.error ?? 'error.other')),
      button({ test: 'load-again', label: t('retry'), press: again }));
  }
  return h('p', { class: 'muted', role: 'status', key: `loading ${key}` }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), t('loading'));
}
