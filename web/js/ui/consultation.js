// One consultation of the patient's side: waiting, going in, being in, having been in.
import { canEnter, chosenConsultation, roomOf } from '../state/select.js';
import { afterwardsPage } from './afterwards.js';
import { button } from './parts.js';
import { callPanel } from './call.js';
import { h } from './dom.js';
import { preparing } from './lobby.js';
import { message } from './plain-pages.js';
import { waitingPage } from './waiting.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function consultationPage(view) {
  const { state, t } = view;
  const consultation = chosenConsultation(state);
  const home = h('a', { class: 'button button-plain', href: '#/', 'data-test': 'go-home' }, h('span', null, t('wait.home')));
  if (!consultation) return message(view, 'clock', t('wait.gone'), '', home);
  const room = roomOf(state, consultation.id);
  if (consultation.state === 'ended' || consultation.state === 'closed') return afterwardsPage(view, consultation);
  const why = room?.phase === 'closed' ? room.closed?.why ?? null : null;
  // The request lives on, and the way back is to wait again.
  const given = why === 'released' || why === 'reassigned' ? why : null;
  const over = consultation.state === 'cancelled' ? 'cancelled' : given ? null : why;
  if (over) return message(view, 'check', t(`over.${over}`), t(`over.${over}.lead`), home);
  if (room?.phase === 'taken_over' || room?.phase === 'seat_taken') return elsewhere(view, room);
  if (room?.phase === 'preparing') return preparing(view);
  if (room?.phase === 'joining' || room?.phase === 'seated') return callPanel(view, consultation);
  return waitingPage(view, consultation, canEnter(consultation), room?.phase === 'left' ? 'left' : consultation.state === 'requested' ? given : null);
}

/** @param {View} view @param {import('../state/types.js').RoomState} room */
export function elsewhere(view, room) {
  const { t, act } = view;
  const back = (/** @type {string} */ key, /** @type {string} */ test) =>
    button({ test, look: 'primary', large: true, label: t(key), press: () => act.room.comeBackHere() });
  if (room.phase === 'taken_over') return message(view, 'people', t('taken_over.title'), t('taken_over.lead'), back('taken_over.back', 'come-back-here'));
  if (room.takenBy === 'you') return message(view, 'people', t('seat_taken.title'), t('seat_taken.lead'),
    h('div', { class: 'buttons' }, back('seat_taken.here', 'continue-here'), button({ test: 'stay-there', look: 'plain', label: t('seat_taken.stay'), press: () => act.room.forget() })));
  return message(view, 'people', t('seat_taken.other'), t('seat_taken.other_lead'),
    h('div', { class: 'buttons' },
      button({ test: 'try-again', look: 'primary', label: t('retry'), press: () => act.room.enter(room.id, room.as) }),
      // A guardian may have said "beside me" while the patient came in on a device of their own.
      button({ test: 'choose-again', look: 'plain', label: t('back'), press: () => act.room.forget() })));
}
