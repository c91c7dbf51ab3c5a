// What was done, by whom and on which ground: identifiers only.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { button } from '../ui/parts.js';
import { whenLoaded } from './loading.js';
import { operatorFrame } from './operator-parts.js';
import { AUDIT, loadAudit } from './operator-requests.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').AuditEntry} AuditEntry */

/** @param {View} view */
export function enter({ act, state }) {
  if (!loadedValue(state, AUDIT)) loadAudit(act, null);
}

/** @param {View} view */
export function page(view) {
  const { t, act } = view;
  return operatorFrame(view, t('audit.title'), [
    h('p', { class: 'lead', key: 'lead' }, t('audit.lead')),
    whenLoaded(view, AUDIT, () => loadAudit(act, null), (/** @type {{entries: AuditEntry[], next: number | null}} */ { entries, next }) => [
      entries.length === 0 ? h('p', { class: 'empty', key: 'none' }, t('audit.none')) : table(view, entries),
      h('div', { class: 'buttons', key: 'paging' },
        button({ key: 'start', test: 'audit-start', look: 'plain', label: t('audit.start'), press: () => loadAudit(act, null) }),
        next !== null && button({ key: 'next', test: 'audit-next', look: 'plain', label: t('audit.next'), press: () => loadAudit(act, next) })),
    ]),
  ]);
}

/** @param {View} view @param {AuditEntry[]} entries */
function table(view, entries) {
  const { t } = view;
  return h('div', { class: 'wide', key: 'table', role: 'region', tabindex: '0', 'aria-labelledby': 'audit-range' },
    h('table', { class: 'audit', 'data-test': 'audit' },
      h('caption', { id: 'audit-range', 'data-test': 'audit-range', 'aria-live': 'polite' }, t('audit.range', { first: entries[0].id, last: entries[entries.length - 1].id })),
      h('thead', null, h('tr', null, ['number', 'at', 'action', 'subject', 'actor', 'ground'].map((name) => h('th', { key: name, scope: 'col' }, t(`audit.${name}`))))),
      h('tbody', null, entries.map((entry) => row(view, entry)))));
}

/** @param {View} view @param {AuditEntry} entry */
function row({ t, words }, { id, at, action, subject, actor, other, ground }) {
  const key = `audit.action.${action}`;
  return h('tr', { key: String(id), 'data-test': 'audit-entry', 'data-entry': String(id), 'data-action': action },
    h('td', null, String(id)),
    h('td', null, instant(at)),
    h('td', null, words.has(key) ? t(key) : action),
    h('td', { class: 'ids' }, subject, other && h('span', { key: 'other' }, ` ${t('audit.and', { id: other })}`)),
    h('td', { class: 'ids' }, actor === 'cli' ? t('audit.cli') : actor),
    h('td', null, ground ?? ''));
}

/**
 * To the second and in UTC: this is evidence, not news.
 * @param {number} at
 */
function instant(at) {
  const iso = new Date(at).toISOString();
  return h('time', { datetime: iso }, `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`);
}
