// The waiting room: what is being waited for, and what the person can do meanwhile.
import { isOverdue } from '../state/life.js';
import { serverNow } from '../state/select.js';
import { change } from './change.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { check } from './lobby.js';
import { button, emergency, focusSoon, fullName, heading } from './parts.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */

/** @param {View} view @param {Consultation} consultation @param {boolean} enter @param {'left' | 'released' | 'reassigned' | null} wasIn why they are no longer in the room */
export function waitingPage(view, consultation, enter, wasIn) {
  const { state, t } = view;
  // Where the person has to choose, the choices are next.
  const urgent = consultation.state === 'refused' || isOverdue(consultation);
  const other = consultation.patient.id !== state.session.account?.id;
  return h('div', { class: 'column' },
    h('a', { class: 'back', href: '#/', 'data-test': 'back' }, icon('back'), t('back')),
    wasIn && h('p', { class: 'panel', role: 'status', key: 'left', 'data-test': wasIn === 'left' ? 'left-room' : 'room-closed', 'data-why': wasIn }, t(`left.${wasIn === 'left' ? 'title' : wasIn}`)),
    h('section', { class: `card stage-card${enter ? ' card-call' : ''}`, key: 'state', 'data-test': 'waiting', 'data-state': consultation.state },
      h('div', { 'aria-live': 'polite' }, heading(view, sentence(view, consultation), 'waiting-sentence')),
      other && h('p', { class: 'muted', key: 'for' }, t('home.for', { name: fullName(consultation.patient) })),
      consultation.state === 'refused' ? refusal(view, consultation) : enter ? entrance(view, consultation, wasIn === 'left')
        : h('p', { class: 'lead', key: 'who', 'data-test': 'availability', role: 'status' }, availability(view, consultation)),
      h('div', { key: 'clock', role: 'status' }, clock(view, consultation)),
      !enter && consultation.state !== 'refused' && h('p', { class: 'muted', key: 'stay' }, t('wait.stay')),
      consultation.state !== 'refused' && steps(view, consultation)),
    urgent && change(view, consultation),
    emergency(view),
    !urgent && change(view, consultation),
    consultation.state !== 'refused' && check(view),
    consultation.reason && h('details', { class: 'reason', key: 'reason' }, h('summary', null, t('wait.reason')), h('p', null, consultation.reason)));
}

/** @param {View} view @param {Consultation} consultation */
function sentence({ t }, { state, assigned_to, practitioner, refused_by }) {
  if (state === 'requested') return assigned_to ? t('wait.requested_attending', { name: assigned_to.family_name }) : t('wait.requested');
  // Nothing is left of the name of whoever erased their account.
  if (state === 'refused') return refused_by?.family_name ? t('wait.refused', { name: refused_by.family_name }) : t('wait.refused.unnamed');
  return t(`wait.${state}`, { name: practitioner?.family_name ?? '' });
}

/** @param {View} view @param {Consultation} consultation */
function refusal({ t }, { refused_grounds }) {
  return h('div', { class: 'refusal', key: 'refusal', 'data-test': 'refusal', 'data-grounds': refused_grounds },
    h('p', { class: 'lead' }, t(`refused.${refused_grounds}`)),
    h('p', null, t('refused.next')));
}

/**
 * Until when, or since when it has been too late.
 * @param {View} view @param {Consultation} consultation
 */
function clock({ state, t, words }, consultation) {
  const now = serverNow(state);
  const due = consultation.state === 'requested' ? consultation.claim_due_at : ['claimed', 'open'].includes(consultation.state) ? consultation.start_due_at : null;
  if (due === null) return null;
  const which = consultation.state === 'requested' ? 'claim' : 'start';
  if (isOverdue(consultation)) {
    return h('p', { class: 'panel panel-warn', key: 'overdue', 'data-test': 'overdue', 'data-clock': which },
      t(`overdue.${which}`, { moment: words.moment(due, now), name: consultation.practitioner?.family_name ?? '' }));
  }
  return h('p', { class: 'muted with-icon', key: 'due', 'data-test': 'due' }, icon('clock'), t(`wait.${which}_due`, { moment: words.moment(due, now) }));
}

/** @param {View} view @param {Consultation} consultation */
function availability({ state, t }, { assigned_to, practitioner }) {
  const somebody = practitioner ?? assigned_to;
  if (somebody) return t(`wait.presence.${somebody.presence}`, { name: somebody.family_name });
  if (state.available === null) return '';
  return state.available === 0 ? t('wait.available.zero') : t('wait.available', { count: state.available });
}

/** @param {View} view @param {Consultation} consultation @param {boolean} wasIn */
function entrance({ state, t, act }, { id, patient, guardians }, wasIn) {
  const me = state.session.account?.id;
  const guards = patient.id !== me && guardians.some((guardian) => guardian.id === me);
  // Coming back is one press: they said before which place is theirs.
  const back = wasIn ? state.room?.as : null;
  const asking = state.open.beside;
  const name = patient.given_name;
  return [
    !asking && button({ key: 'enter', test: 'enter-room', look: 'primary', large: true, icon: 'camera', label: t(wasIn ? 'enter.again' : 'enter'),
      press: () => back ? act.room.enter(id, back) : guards ? act.open('beside', true) : act.room.enter(id, 'patient') }),
    !asking && h('p', { class: 'muted', key: 'hint' }, t('enter.hint')),
    guards && asking && h('div', { class: 'question', key: 'beside', role: 'group', 'aria-labelledby': 'beside-question' },
      h('p', { id: 'beside-question', class: 'question-title', tabindex: '-1', mounted: focusSoon }, t('beside.question', { name })),
      button({ test: 'beside-yes', look: 'primary', large: true, label: t('beside.yes', { name }), press: () => act.room.enter(id, 'patient') }),
      button({ test: 'beside-no', look: 'plain', large: true, label: t('beside.no', { name }), press: () => act.room.enter(id, 'guardian') })),
  ];
}

/** @param {View} view @param {Consultation} consultation */
function steps({ t }, { state }) {
  const reached = state === 'requested' ? 0 : state === 'claimed' ? 1 : 2;
  return h('ol', { class: 'steps', 'aria-label': t('wait.steps') }, ['asked', 'claimed', 'open'].map((step, index) =>
    h('li', { key: step, class: index <= reached ? 'step step-done' : 'step', 'aria-current': index === reached && 'step' },
      h('span', { class: 'step-dot', 'aria-hidden': 'true' }, index <= reached && icon('check')), t(`wait.step.${step}`))));
}
