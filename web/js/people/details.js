// What the server knows about the person who is signed in.
import { loadedValue } from '../state/people.js';
import * as api from './api.js';

/** @typedef {import('../ui/view.js').View} View */

export const DETAILS = 'details';

/** @param {View} view */
export function loadDetails({ act }) {
  act.people.load(DETAILS, api.account.details);
}

/** @param {View} view @returns {import('./types.js').Details | null} */
export function details({ state }) {
  return loadedValue(state, DETAILS);
}
