// The record of one consultation, for both parties: what happened and when, its incident sheet, and the file that proves it.
import { h } from '../ui/dom.js';
import { TONE } from '../ui/home.js';
import { icon } from '../ui/icons.js';
import { heading, tag } from '../ui/parts.js';
import { whenLoaded } from '../people/loading.js';
import { incidentSheet } from './incidents.js';
import { stateOf } from './parties.js';
import { checking, proof } from './proof.js';
import { loadRecord, recordKey } from './requests.js';
import { Telling } from './telling.js';
import { timeline } from './timeline.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').ConsultationRecord} ConsultationRecord */

/** @param {View} view */
export function enter({ act, state }) {
  const id = chosen(state);
  if (id) loadRecord(act, id);
}

/** @param {View} view */
export function page(view) {
  const { t, state } = view;
  const id = chosen(state);
  return h('div', { class: 'column record', 'data-test': 'record', 'data-consultation': id },
    h('a', { class: 'back on-screen', href: '#/account/consultations', 'data-test': 'back' }, icon('back'), t('record.back')),
    heading(view, t('record.title')),
    id ? whenLoaded(view, recordKey(id), () => enter(view), (record) => content(view, record))
      : h('p', { class: 'empty', key: 'none' }, t('record.none')));
}

/** @param {View} view @param {ConsultationRecord} record */
function content(view, record) {
  const { t } = view;
  const telling = new Telling(view, record);
  const asked = record.events[0]?.at;
  const stage = stateOf(record.events);
  return [
    h('div', { class: 'card', key: 'about' },
      h('dl', { class: 'facts' },
        asked && fact('asked', t('record.asked'), telling.when(asked)),
        telling.parties.map(({ id, role, name }) => fact(id, t(`record.role.${role}`), name || t('record.unnamed'))),
        fact('number', t('record.number'), record.consultation)),
      tag({ name: 'state', tone: TONE[stage], label: t(`record.state.${stage}`), test: 'record-state' })),
    proof(view, record.consultation),
    timeline(telling),
    incidentSheet(telling),
    checking(view, record.consultation),
  ];
}

/** @param {string} key @param {string} label @param {string} value */
function fact(key, label, value) {
  return h('div', { key }, h('dt', null, label), h('dd', null, value));
}

/** @param {View['state']} state */
function chosen({ route }) {
  return 'parameter' in route ? route.parameter : null;
}
