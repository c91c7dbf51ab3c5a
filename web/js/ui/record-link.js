// From a consultation's card to its record.
import { h } from './dom.js';

/** @param {import('./view.js').View} view @param {string} consultation */
export function recordLink({ t }, consultation) {
  return h('div', { class: 'buttons record-link', key: 'record' },
    h('a', { class: 'button button-quiet', href: `#/record/${consultation}`, 'data-test': 'see-record' }, h('span', null, t('record.link'))));
}
