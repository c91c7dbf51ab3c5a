// What is known of a person, as labels and values.
import { h } from '../ui/dom.js';

/** @param {[string, import('../ui/dom.js').Single, string?][]} rows label, value, name for tests; a row without a value is left out */
export function facts(rows) {
  return h('dl', { class: 'facts', key: 'facts' }, rows.filter(([, value]) => value).map(([label, value, test]) =>
    h('div', { key: label }, h('dt', null, label), h('dd', { 'data-test': test }, value))));
}
