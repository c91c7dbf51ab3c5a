// Consultations that are over, newest first, each with its record.
import { loadedValue } from '../state/people.js';
import { icon } from '../ui/icons.js';
import { h } from '../ui/dom.js';
import { button, fullName, heading, tag } from '../ui/parts.js';
import * as api from './api.js';
import { whenLoaded } from './loading.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Past} Past */

const KEY = 'past';
const PAGE = 50;

/** @param {View} view */
export function enter({ act }) {
  act.people.load(KEY, async () => pageAfter([], await api.consultations.past(null)));
}

/** @param {Past[]} known @param {Past[]} found */
function pageAfter(known, found) {
  return { list: [...known, ...found], more: found.length === PAGE };
}

/** @param {View} view */
function more({ state, act }) {
  /** @type {Past[]} */
  const list = loadedValue(state, KEY)?.list ?? [];
  act.people.load(KEY, async () => pageAfter(list, await api.consultations.past(list.at(-1)?.requested_at ?? null)));
}

/** @param {View} view */
export function page(view) {
  const { t } = view;
  return h('div', { class: 'column' },
    h('a', { class: 'back', href: '#/', 'data-test': 'back' }, icon('back'), t('back')),
    heading(view, t('past.title')),
    h('p', { class: 'lead' }, t('past.lead')),
    whenLoaded(view, KEY, () => enter(view), (/** @type {{list: Past[], more: boolean}} */ loaded) => [
      loaded.list.length === 0 ? h('p', { class: 'empty', key: 'none' }, t('past.none'))
        : h('ul', { class: 'list', key: 'list', 'data-test': 'past' }, loaded.list.map((one) => item(view, one))),
      loaded.more && button({ key: 'more', test: 'past-more', look: 'plain', label: t('past.more'), press: () => more(view) }),
    ]));
}

/** @param {View} view @param {Past} past */
function item({ t, words }, { id, state, side, requested_at, other }) {
  const name = other ? fullName(other) : t('past.nobody');
  return h('li', { key: id, class: 'card row', 'data-test': 'past-consultation', 'data-consultation': id, 'data-state': state },
    h('div', { class: 'row-text' },
      h('p', { class: 'row-title' }, side === 'patient' && other ? t('doctor', { name: other.family_name }) : name),
      h('p', { class: 'muted' }, t('past.requested', { date: words.date(requested_at) })),
      tag({ name: 'state', tone: 'quiet', label: t(`state.${state}`) })),
    h('a', { class: 'button button-plain', href: `#/record/${id}`, 'data-test': 'see-record' }, h('span', null, t('past.record'), h('span', { class: 'unseen' }, ` (${name}, ${words.date(requested_at)})`))));
}
