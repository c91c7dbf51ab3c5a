// The bar at the bottom of a call.
import { unfetched } from '../state/life.js';
import { h } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {import('../signalling/types.js').Consultation} consultation */
export function controls({ state, t, act }, consultation) {
  const { media, room } = state;
  const you = room?.snapshot?.you;
  const practitioner = room?.as === 'practitioner';
  const open = (/** @type {string} */ name) => act.openOnly(name, !state.open[name]);
  const suspended = room?.snapshot?.state === 'suspended';
  const toggle = (/** @type {'microphone' | 'camera'} */ which, /** @type {(on: boolean) => void} */ set) => {
    const on = media[which] && (suspended || (media.phase === 'live' && !media[`${which}Problem`]));
    // Whoever came in without devices can still try them.
    const press = () => (media.phase === 'stopped' && !suspended ? act.room.check() : set(!on));
    return control({ test: `toggle-${which}`, icon: which, crossed: !on, pressed: !on, press,
      label: t(`call.${which}.${on ? 'off' : 'on'}`), short: t(`devices.${which === 'microphone' ? 'audio' : 'video'}`) });
  };
  const shown = [
    toggle('microphone', (on) => act.room.media.setMicrophone(on)),
    toggle('camera', (on) => act.room.media.setCamera(on)),
    (room?.snapshot?.peers.length || state.chat.entries.length > 0) && control({ test: 'chat', icon: 'chat', label: t('chat.open'), short: t('chat.short'), press: () => open('chat'), expanded: state.open.chat ?? false,
      badge: state.chat.unread }),
    (practitioner || consultation.documents.length > 0) && control({ test: 'documents-open', icon: 'document', label: t('documents.title'), press: () => open('documents'), expanded: state.open.documents ?? false,
      badge: practitioner ? 0 : unfetched(consultation).length }),
    control({ test: 'devices', icon: 'settings', label: t('call.devices'), press: () => { act.listDevices(); open('devices'); }, expanded: state.open.devices }),
    you === 'patient' && consultation.status !== 'adult' && state.session.account?.id === consultation.patient.id && control({ test: 'accompany-open', icon: 'people', label: t('accompany.short'), press: () => open('accompany'), expanded: state.open.accompany }),
    practitioner && room?.snapshot?.state === 'open' && control({ test: 'start', icon: 'check', look: 'start', label: t('room.start'), press: () => open('attest'), expanded: state.open.attest }),
    control({ test: 'leave-room', icon: 'leave', label: t('call.leave'), press: () => act.leaveRoom() }),
    practitioner && control({ test: 'end', icon: 'end', look: 'end', label: t('desk.end'), press: () => open(`end ${consultation.id}`), expanded: state.open[`end ${consultation.id}`] }),
  ].filter(Boolean);
  return h('div', { class: `controls controls-${shown.length}`, role: 'group', 'aria-label': t('call.controls') }, shown);
}

/**
 * @param {{test: string, icon: string, label: string, press: () => void, crossed?: boolean, pressed?: boolean, expanded?: boolean, look?: string, short?: string,
 *   badge?: number}} options `badge`: how much of it has not been seen
 */
function control({ test, icon: name, label, press, crossed, pressed, expanded, look, short, badge = 0 }) {
  return h('button', { key: test, type: 'button', class: `control${look ? ` control-${look}` : ''}${pressed ? ' control-off' : ''}`, 'data-test': test,
    'aria-expanded': expanded === undefined ? undefined : String(expanded), 'data-off': pressed === undefined ? undefined : String(pressed),
    'aria-label': short && (badge ? `${label} (${badge})` : label), onclick: press },
  badge > 0 && h('span', { class: 'control-badge', key: 'badge', 'aria-hidden': 'true', 'data-test': `${test}-unread` }, String(badge)),
  icon(name, crossed), h('span', { class: short && 'long' }, label), short && h('span', { class: 'short' }, short));
}
