// Which page the state asks for.
import { hasRole, isInRoom, isVerified } from './select.js';

/** @typedef {import('./types.js').AppState} AppState */
/** @typedef {'loading' | 'sign-in' | 'home' | 'ask' | 'consultation' | 'call' | 'desk' | 'not-verified' | 'operator'} PageName */

/** @param {AppState} state @returns {PageName} */
export function pageOf(state) {
  const { session, route } = state;
  if (session.phase === 'signed_out') return 'sign-in';
  if (session.phase === 'unknown' || !session.greeted) return 'loading';
  const cares = hasRole(state, 'patient') || hasRole(state, 'guardian');
  const practises = hasRole(state, 'practitioner');
  if (!cares && !practises) return 'operator';
  // A list that is not there yet is not an empty one: nothing may jump under the finger, and nothing be called gone.
  if (!state.consultations.loaded) return 'loading';
  if (practises && onDesk(state)) return isVerified(state) ? 'desk' : 'not-verified';
  if (route.page === 'ask') return 'ask';
  if (route.page === 'consultation') return isInRoom(state) && state.room?.id === route.id ? 'call' : 'consultation';
  return 'home';
}

/**
 * A practitioner who is a patient, too, changes sides by the address.
 * @param {AppState} state
 */
export function onDesk(state) {
  if (!hasRole(state, 'practitioner')) return false;
  if (state.route.page === 'desk') return true;
  const cares = hasRole(state, 'patient') || hasRole(state, 'guardian');
  return !cares;
}
