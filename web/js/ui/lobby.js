// The picture of oneself before a consultation, and help when a camera or microphone is not there.
import { showLevel } from '../call/sound.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { button, heading } from './parts.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function check(view) {
  const { state, t, act } = view;
  const { phase } = state.media;
  return h('section', { class: 'card', key: 'check', 'aria-labelledby': 'check-title', 'data-test': 'device-check' },
    h('h2', { id: 'check-title' }, t('check.device')),
    h('p', { class: 'muted', role: 'status' }, phase === 'asking' ? t('check.asking') : phase === 'live' && working(view) ? t('check.both') : t('check.lead')),
    phase === 'live' && selfPicture(view, 'preview'),
    phase === 'live' && !state.media.microphoneProblem && h('div', { class: 'level', key: 'level' },
      h('label', { for: 'level' }, t('check.level')),
      h('meter', { id: 'level', min: '0', max: '1', low: '0.05', 'data-test': 'level', mounted: (/** @type {HTMLMeterElement} */ meter) => showLevel(meter, act.room.media.stream) })),
    problems(view),
    outcomes(view),
    h('div', { class: 'buttons' },
      phase === 'live'
        ? button({ key: 'stop', test: 'check-stop', look: 'plain', label: t('check.stop'), press: () => act.check.stop() })
        : button({ key: 'start', test: 'check-start', look: 'plain', icon: 'camera', label: t('check.start'), busy: phase === 'asking', press: () => act.check.run() }),
      button({ key: 'sound', test: 'sound-test', look: 'quiet', icon: 'bell', label: t('check.sound'), press: () => act.check.playSound() })),
    heard(view));
}

/**
 * What was tried, one line each. Help for camera and microphone stands above.
 * @param {View} view
 */
function outcomes({ state, t }) {
  const tried = Object.entries(state.check).filter(([, outcome]) => outcome !== null && outcome !== 'asked');
  return h('div', { key: 'outcomes', role: 'status' }, tried.length > 0 && h('ul', { class: 'outcomes' }, tried.map(([part, outcome]) => h('li', { key: part, 'data-test': `check-${part}`, 'data-outcome': outcome },
    icon(outcome === 'ok' ? 'check' : outcome === 'failed' ? 'close' : 'clock'),
    h('span', null, h('strong', null, t(`check.${part}`)), ' ', t(`check.outcome.${outcome}`),
      outcome === 'failed' && ['browser', 'connection', 'speaker'].includes(part) && h('span', { class: 'advice' }, t(`check.${part}.advice`)))))));
}

/** @param {View} view */
function heard({ state, t, act }) {
  return state.check.speaker === 'asked' && h('div', { class: 'question', key: 'heard', role: 'group', 'aria-labelledby': 'heard' },
    h('p', { id: 'heard', class: 'question-title' }, t('check.heard')),
    h('div', { class: 'buttons' },
      button({ test: 'sound-heard', label: t('check.heard.yes'), press: () => act.check.answerSound(true) }),
      button({ test: 'sound-not-heard', label: t('check.heard.no'), press: () => act.check.answerSound(false) })));
}

/**
 * Between "go in" and the seat.
 * @param {View} view
 */
export function preparing(view) {
  const { state, t, act } = view;
  const { room, media } = state;
  const failed = media.phase === 'stopped' && (media.microphoneProblem || media.cameraProblem);
  return h('div', { class: 'narrow', 'data-test': 'preparing' },
    heading(view, t(failed ? 'check.title' : 'call.preparing')),
    !failed && h('p', { class: 'lead', role: 'status' }, t('check.asking')),
    problems(view),
    failed && room && h('div', { class: 'buttons', key: 'next' },
      button({ test: 'media-retry', look: 'primary', label: t('retry'), press: () => act.room.enter(room.id, room.as) }),
      button({ test: 'enter-without-devices', look: 'plain', label: t('media.without'), press: () => act.room.join(false) })),
    button({ key: 'leave', test: 'leave-room', look: 'quiet', label: t('back'), press: () => act.room.forget() }));
}

/** @param {View} view */
export function problems({ state, t }) {
  const { microphoneProblem, cameraProblem } = state.media;
  if (!microphoneProblem && !cameraProblem) return null;
  return h('div', { class: 'panel panel-warn', role: 'alert', key: 'problems', 'data-test': 'media-problems' },
    microphoneProblem && h('p', { key: 'microphone' }, t(`media.microphone.${microphoneProblem}`)),
    cameraProblem && h('p', { key: 'camera' }, t(`media.camera.${cameraProblem}`)));
}

/** @param {View} view @param {string} look */
export function selfPicture({ act, t }, look) {
  return h('video', { key: 'self', class: `self self-${look}`, 'data-test': 'self-video', autoplay: true, playsinline: true, muted: true,
    srcObject: act.room.stream('self'), 'aria-label': t('call.self') });
}

/** @param {View} view */
function working({ state }) {
  return !state.media.microphoneProblem && !state.media.cameraProblem;
}
