// Which page the state asks for.
import { entryOf, isPeoplePage } from '../people/registry.js';
import { hasRole, isInRoom, isVerified } from './select.js';

/** @typedef {import('./types.js').AppState} AppState */
/** @typedef {'loading' | 'sign-in' | 'home' | 'ask' | 'consultation' | 'call' | 'desk' | 'operator' | import('../people/registry.js').PeoplePage} PageName */

/**
 * @param {AppState} state
 * @returns {PageName} `loading` for a page whose module is not there yet
 */
export function pageOf(state) {
  const page = wantedPage(state);
  return isPeoplePage(page) && !state.people.ready.includes(page) ? 'loading' : page;
}

/** @param {AppState} state @returns {PageName} */
export function wantedPage(state) {
  const { session, route } = state;
  const entry = isPeoplePage(route.page) ? entryOf(route.page) : undefined;
  if (entry?.who === 'anyone') return route.page;
  if (session.phase === 'unknown') return 'loading';
  if (session.phase === 'signed_out') return entry?.who === 'stranger' ? route.page : 'sign-in';
  // CU-3: nothing else until the current texts were agreed to.
  if (session.consentsNeeded.length > 0 && !entry?.free) return 'consent';
  if (entry?.who === 'person' && (!entry.roles || entry.roles.some((role) => hasRole(state, role)))) return route.page;
  return carePage(state);
}

/**
 * Pages of those who live on the socket.
 * @param {AppState} state
 * @returns {PageName}
 */
function carePage(state) {
  const { session, route } = state;
  const practises = hasRole(state, 'practitioner');
  if (!cares(state) && !practises) return 'operator';
  // A list that is not there yet is not an empty one: nothing may jump under the finger, and nothing be called gone.
  if (!session.greeted || !state.consultations.loaded) return 'loading';
  if (practises && onDesk(state)) return isVerified(state) ? 'desk' : 'not-verified';
  if (route.page === 'ask') return 'ask';
  if (route.page === 'consultation') return isInRoom(state) && state.room?.id === route.id ? 'call' : 'consultation';
  return 'home';
}

/**
 * Consults for themselves or for somebody they represent.
 * @param {AppState} state
 */
export function cares(state) {
  return hasRole(state, 'patient') || hasRole(state, 'guardian');
}

/**
 * A practitioner who is a patient, too, changes sides by the address.
 * @param {AppState} state
 */
export function onDesk(state) {
  if (!hasRole(state, 'practitioner')) return false;
  return state.route.page === 'desk' || !cares(state);
}
