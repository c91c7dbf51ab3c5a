// The practitioner's desk: availability, the live queue, today's consultations, and the call beside them.
import { isInRoom, isRunning } from '../state/select.js';
import { afterwards } from './afterwards.js';
import { callPanel } from './call.js';
import { elsewhere } from './consultation.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { preparing } from './lobby.js';
import { mine } from './mine.js';
import { button, heading } from './parts.js';
import { message } from './plain-pages.js';
import { queue } from './queue.js';
import { who } from './who.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function deskPage(view) {
  const call = room(view);
  return h('div', { class: `desk${call ? ' desk-with-call' : ''}` },
    h('div', { class: 'desk-side' },
      h('div', { class: 'desk-head' }, heading(view, view.t('desk.title')), presence(view)),
      queue(view),
      call && mine(view)),
    h('div', { class: 'desk-call', key: 'call' }, call ?? h('div', { class: 'desk-mine' }, mine(view))));
}

/** @param {View} view */
function presence({ state, t, act }) {
  const now = state.session.practitioner?.presence;
  const { bell } = state;
  const busy = state.forms.presence?.busy;
  const option = (/** @type {'available' | 'away'} */ value) => h('button', {
    key: value, type: 'button', class: 'switch-option', 'data-test': `presence-${value}`, 'aria-pressed': String(now === value || (value === 'available' && now === 'in_consultation')),
    'aria-busy': busy && 'true', onclick: () => busy || act.requests.setPresence(value),
  }, t(`desk.${value}`));
  return h('div', { class: 'presence' },
    h('div', { class: 'switch', role: 'group', 'aria-label': t('desk.presence'), 'data-test': 'presence', 'data-presence': now }, option('available'), option('away')),
    h('button', { type: 'button', class: 'bell', 'data-test': 'bell-mute', 'aria-label': t(bell.muted ? 'bell.unmute' : 'bell.mute'), title: t(bell.muted ? 'bell.unmute' : 'bell.mute'),
      'data-muted': String(bell.muted), onclick: () => act.attention.mute(!bell.muted) }, icon('bell', bell.muted)),
    now === 'in_consultation' && h('p', { class: 'muted', key: 'busy' }, t('desk.in_consultation')),
    bell.notifications === 'default' && button({ key: 'notifications', test: 'notifications-ask', look: 'quiet', label: t('bell.notifications'), press: () => act.attention.askPermission() }),
    bell.notifications === 'denied' && now === 'available' && !isInRoom(state) && h('p', { class: 'muted', key: 'denied' }, t('bell.denied')));
}

/** @param {View} view */
function room(view) {
  const { state, t, act } = view;
  const current = state.room;
  if (!current || current.as !== 'practitioner' || current.phase === 'left') return null;
  const consultation = state.consultations.byId[current.id];
  if (current.phase === 'taken_over' || current.phase === 'seat_taken') return elsewhere(view, current);
  if (current.phase === 'closed') {
    const { why = 'ended', reason = null } = current.closed ?? {};
    const ended = consultation && !isRunning(consultation) && consultation.state !== 'cancelled';
    return h('div', { class: 'desk-after', key: 'after' }, message(view, 'check', t(`over.${why}`), reason ? t(`end_reason.${reason}`) : why === 'reassigned' ? t('over.reassigned.lead') : '',
      button({ test: 'close-panel', look: 'plain', label: t('desk.back'), press: () => act.room.forget() })),
    ended && h('div', { class: 'card', key: 'then' }, afterwards(view, consultation, 'practitioner')));
  }
  if (current.phase === 'preparing') return preparing(view);
  return consultation && isInRoom(state) ? [who(view, consultation), callPanel(view, consultation)] : null;
}
