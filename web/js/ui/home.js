// The patient's and the guardian's start: the next step is the largest thing on it.
import { receivedInvitations } from '../people/received.js';
import { isOverdue, unfetched } from '../state/life.js';
import { canEnter, isRunning, myConsultations, serverNow } from '../state/select.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { doctor, fullName, heading, tag } from './parts.js';
import { recordLink } from './record-link.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */

/** @type {Record<string, string>} */
export const TONE = { requested: 'plain', refused: 'warn', claimed: 'good', open: 'call', in_progress: 'call', suspended: 'warn', ended: 'plain', closed: 'quiet', cancelled: 'quiet' };

/** @param {View} view */
export function homePage(view) {
  const { state, t } = view;
  const list = myConsultations(state, 'home');
  const may = state.session.patients.length > 0;
  // What is under way comes before what could be asked for next.
  const busy = list.some(isRunning);
  const ask = may && h('a', { class: `button button-large ${busy ? 'button-plain' : 'button-primary'}`, href: '#/ask', 'data-test': 'ask', key: 'ask' },
    icon('camera'), h('span', null, t('home.ask')));
  return h('div', { class: 'column' },
    heading(view, t('home.title', { name: state.session.account?.given_name ?? '' })),
    h('p', { class: 'lead' }, may ? t('home.lead') : t('home.nobody')),
    receivedInvitations(view),
    !may && h('a', { class: 'button button-large button-primary', href: '#/family', 'data-test': 'home-family', key: 'family' }, icon('people'), h('span', null, t('home.family'))),
    !busy && ask,
    h('section', { class: 'section', 'aria-labelledby': 'list-title' },
      h('h2', { id: 'list-title' }, t('home.list')),
      list.length === 0 ? h('p', { class: 'empty', key: 'none' }, t('home.none'))
        : h('ul', { class: 'list', key: 'list', 'data-test': 'consultations' }, list.map((consultation) => item(view, consultation)))),
    busy && ask);
}

/** @param {View} view @param {Consultation} consultation */
function item(view, consultation) {
  const { state, t, words } = view;
  const { id, patient, practitioner, requested_at } = consultation;
  const enter = canEnter(consultation);
  const left = unfetched(consultation).length;
  const other = patient.id !== state.session.account?.id;
  return h('li', { key: id, class: `card row${enter ? ' card-call' : ''}`, 'data-test': 'consultation', 'data-consultation': id, 'data-state': consultation.state },
    h('div', { class: 'row-text' },
      h('p', { class: 'row-title' }, practitioner ? doctor(view, practitioner) : t(consultation.state === 'refused' ? 'home.refused' : 'state.requested'), other && h('span', { class: 'muted' }, ` · ${t('home.for', { name: fullName(patient) })}`)),
      h('p', { class: 'muted' }, t('home.asked', { moment: words.moment(requested_at, serverNow(state)) })),
      h('p', { class: 'tags' },
        tag({ name: 'state', tone: TONE[consultation.state], label: t(`state.${consultation.state}`), test: 'consultation-state' }),
        isOverdue(consultation) && tag({ name: 'overdue', tone: 'danger', label: t('desk.flag.overdue'), test: 'flag-overdue' }),
        left > 0 && tag({ name: 'documents', tone: 'warn', label: t('home.documents', { count: left }), test: 'flag-documents' })),
      recordLink(view, id)),
    h('a', { class: `button ${enter ? 'button-primary' : isRunning(consultation) ? 'button-plain' : 'button-quiet'}`, href: `#/consultation/${id}`, 'data-test': 'see-consultation' },
      h('span', null, t(enter ? 'home.go_in' : 'home.open'))));
}
