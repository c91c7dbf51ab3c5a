// The operator's first page: counts, and the physicians whose registration has to be verified (CU-6.7). No health data.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { button } from '../ui/parts.js';
import * as api from './api.js';
import { whenLoaded } from './loading.js';
import { operatorFrame } from './operator-parts.js';
import { COUNTS, loadPractitioners, PRACTITIONERS } from './operator-requests.js';
import { practitionerCard } from './operator-practitioner.js';

/** @typedef {import('../ui/view.js').View} View */

/** Those who wait for a decision come first. */
export const FILTERS = ['pending', 'verified', 'refused', 'suspended', 'all'];
const NUMBERS = ['accounts', 'patients', 'guardians', 'operators', 'closed', 'registrations_open', 'invitations_open', 'mail_waiting', 'connections'];
const CONSULTATIONS = ['requested', 'claimed', 'open', 'in_progress', 'suspended'];

/** @param {View} view */
export function enter(view) {
  loadCounts(view);
  loadPractitioners(view.act, loadedValue(view.state, PRACTITIONERS)?.filter ?? 'pending');
}

/** @param {View} view */
function loadCounts({ act }) {
  act.people.load(COUNTS, api.operator.counts);
}

/** @param {View} view */
export function page(view) {
  const { state, t, act } = view;
  const filter = loadedValue(state, PRACTITIONERS)?.filter ?? 'pending';
  return operatorFrame(view, t('operator.title'), [
    h('p', { class: 'lead', key: 'lead' }, t('operator.lead')),
    h('section', { class: 'section', key: 'practitioners', 'aria-labelledby': 'practitioners-title' },
      h('h2', { id: 'practitioners-title' }, t('practitioners.title')),
      h('div', { class: 'buttons', role: 'group', 'aria-label': t('practitioners.filter') }, FILTERS.map((name) => filterButton(view, name, name === filter))),
      whenLoaded(view, PRACTITIONERS, () => loadPractitioners(act, filter), ({ list, next }) => [
        list.length === 0 ? h('p', { class: 'empty', key: 'none', 'data-test': 'practitioners-none' }, t('practitioners.none'))
          : h('ul', { class: 'list', key: 'list', 'data-test': 'practitioners' }, list.map((/** @type {import('./types.js').OperatorPractitioner} */ practitioner) => practitionerCard(view, practitioner))),
        next && button({ key: 'more', test: 'practitioners-more', label: t('operator.more'), press: () => loadPractitioners(act, filter, { list, next }) }),
      ])),
    h('section', { class: 'section', key: 'counts', 'aria-labelledby': 'counts-title' },
      h('h2', { id: 'counts-title' }, t('counts.title')),
      whenLoaded(view, COUNTS, () => loadCounts(view), (counts) => h('dl', { class: 'counts', 'data-test': 'counts' },
        [...CONSULTATIONS.map((name) => count(view, `consultations.${name}`, counts.consultations[name])), ...NUMBERS.map((name) => count(view, name, counts[name]))]))),
  ]);
}

/** @param {View} view @param {string} name @param {boolean} chosen */
function filterButton({ state, t, act }, name, chosen) {
  const many = loadedValue(state, COUNTS)?.practitioners[name];
  const label = name === 'all' ? t('practitioners.all') : t(`practitioners.filter.${name}`);
  return h('button', { key: name, type: 'button', class: 'button button-plain chip', 'aria-pressed': String(chosen), 'data-test': `practitioners-${name}`, onclick: () => loadPractitioners(act, name) },
    h('span', null, many === undefined ? label : t('practitioners.filter_count', { name: label, number: many })));
}

/** @param {View} view @param {string} name @param {number} number */
function count({ t }, name, number) {
  return h('div', { key: name, 'data-test': `count-${name}` }, h('dt', null, t(`counts.${name}`)), h('dd', null, String(number)));
}
