// The consultation itself: the others large, oneself small, the controls at the thumb.
import { OFF } from '../call/uplink.js';
import { accompanyPanel } from './accompany.js';
import { chatPanel } from './chat.js';
import { controls } from './controls.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { notices } from './frame.js';
import { problems, selfPicture } from './lobby.js';
import { attestPanel, endPanel } from './practitioner-panels.js';
import { medicalPanel } from './medical.js';
import { documentsSheet } from './documents.js';
import { devicesPanel } from './devices.js';
import { button, fullName } from './parts.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */
/** @typedef {import('../signalling/types.js').SeatName} SeatName */

/** @param {View} view @param {Consultation} consultation */
export function callPanel(view, consultation) {
  const { state, t } = view;
  const snapshot = state.room?.snapshot ?? null;
  const peers = snapshot?.peers ?? [];
  const said = sentence(view, consultation);
  const sheets = [problems(view), accompanyPanel(view), attestPanel(view, consultation), endPanel(view, consultation.id), devicesPanel(view), chatPanel(view), documentsSheet(view, consultation), state.room?.as === 'practitioner' && medicalPanel(view, consultation)];
  return h('section', { class: 'call', key: 'call', 'aria-label': t('call.title'), 'data-test': 'call' },
    h('h1', { class: 'unseen', tabindex: '-1' }, t('call.title')),
    h('div', { class: 'stage' },
      h('div', { class: `tiles tiles-${peers.length}` }, peers.map(({ seat }) => tile(view, seat))),
      h('div', { class: 'stage-said', 'aria-live': 'polite', 'data-test': 'call-sentence' },
        said && h('div', { class: 'said', key: said.key }, h('p', { class: 'said-title' }, said.title), said.hint && h('p', null, said.hint), said.next && h('div', { key: 'next' }, said.next))),
      selfTile(view)),
    h('div', { class: 'call-notes' },
      h('div', { role: 'status', 'aria-live': 'polite', 'data-test': 'call-note' },
        state.connection.phase === 'lost' && h('p', { class: 'call-note', key: 'lost', 'data-test': 'signalling-lost' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }),
          t(peers.some(({ seat }) => state.remotes[seat]?.connection === 'connected') ? 'call.lost' : 'call.lost.waiting')),
        weak(view),
        state.chat.unread > 0 && h('p', { class: 'call-note', key: 'unread', 'data-test': 'chat-note' }, t('chat.unread', { count: state.chat.unread }))),
      state.documents.arrived && h('p', { class: 'call-note', key: 'arrived', 'data-test': 'documents-note' }, t('documents.arrived', { count: state.documents.arrived.count })),
      notices(view)),
    h('div', { class: 'sheets' }, sheets),
    controls(view, consultation));
}

/** @param {View} view @param {SeatName} seat */
function tile(view, seat) {
  const { state, t, act } = view;
  const remote = state.remotes[seat];
  const shown = remote?.connection === 'connected';
  const who = nameOfSeat(view, seat);
  const away = awaySentence(view, seat);
  return h('figure', { key: seat, class: `tile${remote?.speaking && shown ? ' tile-speaks' : ''}`, 'data-test': 'remote-tile', 'data-seat': seat, 'data-connection': remote?.connection,
    'data-frames-decoded': String(remote?.framesDecoded ?? 0), 'data-quality': remote?.quality, 'data-speaks': String(remote?.speaking ?? false) },
    h('video', { class: 'tile-video', autoplay: true, playsinline: true, srcObject: act.room.stream(seat), 'data-seat': seat,
      'data-frames-decoded': String(remote?.framesDecoded ?? 0), 'aria-label': who }),
    remote && shown && !remote.camera && h('div', { class: 'tile-cover', key: 'cover' }, icon('camera', true), h('p', null, t('call.remote.camera_off'))),
    remote && shown && remote.camera && remote.paused && h('div', { class: 'tile-cover', key: 'paused' }, icon('camera', true), h('p', null, t('call.remote.paused'))),
    !shown && !away && h('p', { class: 'tile-state', key: 'state' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), t(`call.remote.${remote?.connection === 'reconnecting' ? 'reconnecting' : 'connecting'}`)),
    h('div', { class: shown ? 'tile-away' : 'tile-state', key: 'away', role: 'status' },
      away && h('p', { 'data-test': 'remote-away', 'data-seat': seat }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), away)),
    h('figcaption', { class: 'tile-name' },
      remote && !remote.microphone && h('span', { key: 'mute', title: t('call.remote.microphone_off') }, icon('microphone', true)),
      h('span', null, who),
      remote && shown && h('span', { class: `bars bars-${remote.quality}`, key: 'bars', role: 'img', 'aria-label': t(`call.quality.${remote.quality}`) }, h('i', null), h('i', null), h('i', null))),
    remote?.quality === 'poor' && h('p', { class: 'tile-advice', key: 'advice' }, t('call.quality.poor')));
}

/**
 * What the page did by itself to keep the sound.
 * @param {View} view
 */
function weak({ state, t }) {
  const step = state.media.camera ? Math.max(0, ...Object.values(state.remotes).map(({ uplink }) => uplink)) : 0;
  return step > 0 && h('p', { class: 'call-note', key: 'weak', 'data-test': 'uplink', 'data-step': step }, t(step === OFF ? 'call.uplink.off' : 'call.uplink.lowered'));
}

/** @param {View} view */
function selfTile(view) {
  const { state, t } = view;
  const { media } = state;
  const visible = media.phase === 'live' && media.camera && !media.cameraProblem;
  return h('div', { class: 'self-tile', 'data-test': 'self-tile' },
    visible ? selfPicture(view, 'small') : h('div', { class: 'self-off', key: 'off' }, icon('camera', true)),
    h('span', { class: 'self-name' }, (!media.microphone || media.phase !== 'live') && icon('microphone', true), t('call.you')));
}

/** @param {View} view @param {SeatName} seat */
export function nameOfSeat({ state, t }, seat) {
  const persons = personsOf(state, seat);
  if (persons.length === 0) return t(`seat.${seat}`);
  return persons.map((person) => `${fullName(person)} (${t(`role.${person.role}`)})`).join(t('names.and'));
}

/**
 * Who sits there, or is expected back.
 * @param {View['state']} state @param {SeatName} seat
 */
function personsOf({ room }, seat) {
  if (isAway(room?.snapshot ?? null, seat)) return room?.known[seat] ?? [];
  return room?.snapshot?.seats.find((entry) => entry.seat === seat)?.persons ?? [];
}

/**
 * The server lost sight of whoever sits there; their picture may move on.
 * @param {import('../signalling/types.js').Room | null} snapshot @param {SeatName} seat
 */
export function isAway(snapshot, seat) {
  return snapshot !== null && snapshot.peers.some((peer) => peer.seat === seat) && snapshot.seats.some((entry) => entry.seat === seat && !entry.present);
}

/** @param {View} view @param {SeatName} seat */
function awaySentence({ state, t }, seat) {
  if (!isAway(state.room?.snapshot ?? null, seat)) return null;
  const names = personsOf(state, seat).map((person) => (person.role === 'practitioner' ? t('doctor', { name: person.family_name }) : person.given_name));
  return t('call.away', { name: names.join(t('names.and')) || t(`seat.${seat}`), count: Math.max(1, names.length) });
}

/**
 * What is being waited for, while there is no picture.
 * @param {View} view
 * @param {Consultation} consultation
 * @returns {{key: string, title: string, hint?: string, next?: import('./dom.js').Single} | null}
 */
function sentence({ state, t, act }, { patient, status }) {
  const room = state.room?.snapshot;
  const name = patient.given_name;
  const say = (/** @type {string} */ key, hint = true) => ({ key, title: t(key, { name }), hint: hint ? t(`${key}.hint`, { name }) : undefined });
  if (!room) return say('call.entering', false);
  // The next step of a patient who waits here with their guardian beside them.
  const identify = room.you === 'patient' && patient.id === state.session.account?.id && !state.open.accompany
    && button({ test: 'accompany-here', look: 'primary', label: t('accompany.here'), press: () => act.openOnly('accompany', true) });
  if (room.state === 'suspended') return { ...say('call.suspended'), next: identify };
  if (!room.admission.holds && room.admission.missing.includes('guardian')) {
    return { ...say(`call.missing.${status === 'minor' ? 'minor' : 'protected_adult'}`), next: identify };
  }
  if (room.peers.length > 0) return null;
  if (room.you !== 'practitioner' && !room.seats.some(({ seat, present }) => seat === 'practitioner' && present)) return say('call.waiting_practitioner');
  return say('call.waiting_patient');
}
