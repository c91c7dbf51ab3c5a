// CU-13: what happened in a consultation, its incident sheet, and the file that proves it to anybody.
import { canDigest, sha256 } from '../call/digest.js';
import { icon } from '../ui/icons.js';
import { h } from '../ui/dom.js';
import { button, heading } from '../ui/parts.js';
import * as api from './api.js';
import { facts } from './facts.js';
import { whenLoaded } from './loading.js';
import { eventWords, incidentSheet, isIncident, nameOf } from './record-words.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').ConsultationRecord} ConsultationRecord */
/** @typedef {import('./types.js').RecordEvent} RecordEvent */

const KEY = 'record key';

/** @param {View} view */
export function enter(view) {
  const id = idOf(view);
  if (!id) return;
  view.act.people.load(`record ${id}`, () => api.consultations.record(id));
  view.act.people.load(KEY, loadKey);
}

/** The public key, and its fingerprint where the browser can make one. */
async function loadKey() {
  const key = await api.consultations.recordKey();
  const bytes = Uint8Array.from(atob(key), (character) => character.charCodeAt(0));
  return { key, fingerprint: canDigest() ? await sha256(bytes.buffer) : null };
}

/** @param {View} view */
function idOf({ state: { route } }) {
  return route.page === 'record' ? route.parameter : null;
}

/** @param {View} view */
export function page(view) {
  const { t } = view;
  const id = idOf(view);
  return h('div', { class: 'column record', 'data-test': 'record' },
    h('a', { class: 'back', href: '#/past', 'data-test': 'back' }, icon('back'), t('past.title')),
    heading(view, t('record.title')),
    id ? whenLoaded(view, `record ${id}`, () => enter(view), (/** @type {ConsultationRecord} */ record) => [
      h('p', { class: 'muted', key: 'id' }, t('record.id', { id })),
      timeline(view, record), sheet(view, record), proof(view, id),
    ]) : h('p', { class: 'empty', key: 'none' }, t('error.unknown_consultation')));
}

/** @param {View} view @param {ConsultationRecord} record */
function timeline(view, record) {
  const { t } = view;
  return h('section', { class: 'card', key: 'timeline', 'aria-labelledby': 'timeline-title' },
    h('h2', { id: 'timeline-title' }, t('record.timeline')),
    lines(view, record, record.events.filter((event) => !isIncident(event)), 'record-event'));
}

/** @param {View} view @param {ConsultationRecord} record */
function sheet(view, record) {
  const { t, words } = view;
  const { lost, resumed, takenOver, failed, restarted, relay, check, suspensions, end } = incidentSheet(record.events);
  const incidents = record.events.filter(isIncident);
  return h('section', { class: 'card', key: 'sheet', 'aria-labelledby': 'sheet-title', 'data-test': 'incident-sheet' },
    h('h2', { id: 'sheet-title' }, t('record.sheet')),
    facts([
      [t('record.sheet.connections'), t('record.sheet.connections_value', { lost, resumed }), 'sheet-connections'],
      takenOver > 0 ? [t('record.sheet.taken_over'), String(takenOver)] : [t('record.sheet.taken_over'), null],
      [t('record.sheet.ice'), t('record.sheet.ice_value', { failed, restarted }), 'sheet-ice'],
      [t('record.sheet.relay'), t(`record.relay.${relay}`), 'sheet-relay'],
      [t('record.sheet.check'), t(`record.check.${check}`), 'sheet-check'],
      [t('record.sheet.suspensions'), suspensions.length === 0 ? t('record.sheet.none') : suspensions.map((event) => `${words.instant(event.at)} – ${eventWords(words, record, event)}`).join('\n')],
      [t('record.sheet.end'), end ? `${nameOf(words, record.people, end.actor)} – ${t(`end_reason.${end.details.reason}`)}` : t('record.sheet.not_ended'), 'sheet-end'],
    ]),
    incidents.length === 0 ? h('p', { class: 'muted', key: 'none' }, t('record.sheet.no_incident')) : lines(view, record, incidents, 'record-incident'));
}

/** @param {View} view @param {ConsultationRecord} record @param {RecordEvent[]} events @param {string} test */
function lines({ words }, record, events, test) {
  return h('ol', { class: 'timeline', key: test }, events.map((event) => h('li', { key: String(event.index), 'data-test': test, 'data-event': event.event, 'data-kind': event.details.kind },
    h('time', { datetime: new Date(event.at).toISOString() }, words.instant(event.at)),
    h('p', null, eventWords(words, record, event)))));
}

/** @param {View} view @param {string} id */
function proof(view, id) {
  const { t } = view;
  return h('section', { class: 'card record-proof', key: 'proof', 'aria-labelledby': 'proof-title' },
    h('h2', { id: 'proof-title' }, t('record.proof')),
    h('p', { key: 'what' }, t('record.proof.what')),
    h('div', { class: 'buttons', key: 'buttons' },
      h('a', { class: 'button button-primary', href: api.consultations.bundlePath(id), download: `mqm-consultation-${id}.json`, 'data-test': 'bundle' }, h('span', null, t('record.proof.download'))),
      button({ test: 'record-print', look: 'plain', label: t('record.print'), press: () => globalThis.print() })),
    h('p', { key: 'how' }, t('record.proof.how')),
    h('pre', { class: 'record-command', key: 'command', tabindex: '0' }, h('code', null, `mqm-broker record verify-bundle mqm-consultation-${id}.json --key …`)),
    h('p', { class: 'muted', key: 'where' }, t('record.proof.where')),
    whenLoaded(view, KEY, () => view.act.people.load(KEY, loadKey), ({ key, fingerprint }) => facts([
      [t('record.key'), h('code', { class: 'record-key' }, key), 'record-key'],
      [t('record.fingerprint'), fingerprint && h('code', { class: 'record-key' }, fingerprint.match(/.{4}/g).join(' ')), 'record-fingerprint'],
    ])));
}
