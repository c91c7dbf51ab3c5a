// From a consultation's card to its record.
import { h } from './dom.js';

/** @param {import('./view.js').View} view @param {string} consultation */
export function recordLink({ t }, consultation) {
  return h('a', { class: 'button button-quiet', key: 'record', href: `#/record/${consultation}`, 'data-test': 'see-record' }, h('span', null, t('record.link')));
}
