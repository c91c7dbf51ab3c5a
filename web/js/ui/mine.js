// The practitioner's own consultations of today.
import { isOverdue, mayGiveBack } from '../state/life.js';
import { canEnter, isInRoom, isRunning, myConsultations, serverNow } from '../state/select.js';
import { afterwards } from './afterwards.js';
import { h } from './dom.js';
import { TONE } from './home.js';
import { button, fullName, tag } from './parts.js';
import { medicalButton, medicalPanel } from './medical.js';
import { endPanel, releaseQuestion } from './practitioner-panels.js';
import { recordLink } from './record-link.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */

/** @param {View} view */
export function mine(view) {
  const { state, t } = view;
  const list = myConsultations(state, 'desk');
  return h('section', { class: 'section', 'aria-labelledby': 'mine-title', 'data-test': 'mine' },
    h('h2', { id: 'mine-title' }, t('desk.mine')),
    list.length === 0 ? h('div', { class: 'empty', key: 'none' }, h('p', null, t('desk.mine_none')), h('p', null, t('desk.mine_none.lead')))
      : h('ul', { class: 'list', key: 'list' }, list.map((consultation) => item(view, consultation))));
}

/** @param {View} view @param {Consultation} consultation */
function item(view, consultation) {
  const { state, t, words } = view;
  const { id, patient, age, status, guardians, reason, start_due_at } = consultation;
  const now = serverNow(state);
  const here = state.room?.id === id && isInRoom(state);
  // What comes after the end is shown in the place of the call until that is put away.
  const after = !isRunning(consultation) && consultation.state !== 'cancelled' && !(state.room?.id === id && state.room.phase === 'closed');
  return h('li', { key: id, class: 'card', 'data-test': 'my-consultation', 'data-consultation': id, 'data-state': consultation.state },
    h('p', { class: 'row-title' }, fullName(patient).trim() || t('person.erased'), ' ', h('span', { class: 'muted' }, t('desk.age', { count: age }))),
    h('p', { class: 'tags' },
      tag({ name: 'state', tone: TONE[consultation.state], label: t(`desk.state.${consultation.state}`), test: 'consultation-state' }),
      status !== 'adult' && tag({ name: 'status', tone: 'warn', label: t(`desk.flag.${status}`) }),
      isOverdue(consultation) && tag({ name: 'overdue', tone: 'danger', label: t('desk.flag.overdue'), test: 'flag-overdue' })),
    reason && h('p', { class: 'queue-reason', key: 'reason' }, reason),
    guardians.length > 0 && isRunning(consultation) && h('p', { class: 'muted', key: 'guardians' },
      t('desk.guardians', { names: guardians.map((person) => `${fullName(person)} (${t(`role.${person.role}`)})`).join(t('names.and')) })),
    mayGiveBack(consultation) && start_due_at && h('p', { class: 'muted', key: 'due' }, t('desk.start_due', { moment: words.moment(start_due_at, now) })),
    consultation.end_reason && h('p', { class: 'muted', key: 'ended' }, t(`end_reason.${consultation.end_reason}`)),
    actions(view, consultation, here),
    !here && mayGiveBack(consultation) && releaseQuestion(view, id),
    !here && medicalPanel(view, consultation),
    !here && endPanel(view, id),
    after && afterwards(view, consultation, 'practitioner'),
    !here && recordLink(view, id));
}

/** @param {View} view @param {Consultation} consultation @param {boolean} here */
function actions(view, consultation, here) {
  const { state, t, act } = view;
  const { id } = consultation;
  if (!isRunning(consultation)) return null;
  if (here) return h('p', { class: 'muted', key: 'here' }, t('desk.here'));
  return h('div', { class: 'buttons', key: 'actions' },
    consultation.state === 'claimed' && button({ key: 'open', test: 'open-room', look: 'primary', icon: 'camera', label: t('desk.open'), busy: state.forms[`open ${id}`]?.busy, press: () => act.openRoom(id) }),
    canEnter(consultation) && button({ key: 'join', test: 'join-room', look: 'primary', icon: 'camera', label: t('desk.join'), press: () => act.room.enter(id, 'practitioner') }),
    medicalButton(view, consultation),
    mayGiveBack(consultation) && button({ key: 'release', test: 'release', look: 'quiet', label: t('release'), expanded: state.open[`release ${id}`] ?? false,
      press: () => act.openOnly(`release ${id}`, !state.open[`release ${id}`]) }),
    button({ key: 'end', test: 'end-without-room', look: 'quiet', label: t('desk.end'), press: () => act.open(`end ${id}`, true) }));
}
