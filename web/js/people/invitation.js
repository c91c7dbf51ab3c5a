// The page of an e-mailed invitation: who, as what, until when; or why the link leads nowhere, and what to do.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { fullName, heading } from '../ui/parts.js';
import { message } from '../ui/plain-pages.js';
import * as api from './api.js';
import { answer } from './family-requests.js';
import { whenLoaded } from './loading.js';
import { tokenOf } from './link.js';
import { answers, what } from './received.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {{token: string, given: 'accept' | 'decline' | null, received: import('./types.js').Received}} Found */

const INVITATION = 'invitation';
/** What the server says of a link that leads nowhere. */
export const GONE = ['invitation_used', 'invitation_expired', 'invitation_revoked', 'invitation_for_another', 'link_invalid'];

/** @param {View} view */
export function enter({ state, act }) {
  const token = tokenOf(state);
  /** @type {Found | null} */
  const found = loadedValue(state, INVITATION);
  // Another language makes the answer that was given no other one.
  if (!token || found?.token === token) return;
  act.people.forget(INVITATION);
  act.people.load(INVITATION, async () => ({ token, given: null, received: await api.invitations.find(token) }));
}

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  const error = tokenOf(state) ? state.people.data[INVITATION]?.error?.replace('error.', '') : 'link_invalid';
  if (error && GONE.includes(error)) {
    return message(view, 'people', t(`invitation.gone.${error}`), t(`invitation.gone.${error}.next`, { email: state.session.account?.email ?? '' }), next(view, 'home'));
  }
  /** @type {Found | null} */
  const known = loadedValue(state, INVITATION);
  if (known?.given) return answered(view, known);
  return h('div', { class: 'column' },
    heading(view, t('invitation.title')),
    whenLoaded(view, INVITATION, () => enter(view), (/** @type {Found} */ found) => open(view, found)));
}

/** @param {View} view @param {Found} found */
function open(view, found) {
  const { act } = view;
  return h('section', { class: 'card received', key: 'card', 'data-test': 'invitation', 'data-invitation': found.received.id },
    what(view, found.received),
    answers(view, found.received, async (given) => {
      if (await answer(act, found.received, given)) act.people.know(INVITATION, { ...found, given });
    }));
}

/** @param {View} view @param {Found} found */
function answered(view, { given, received }) {
  const { t } = view;
  const name = fullName(received.patient);
  return given === 'accept'
    ? message(view, 'check', t('invitation.accepted.title', { name }), t('invitation.accepted.lead'), next(view, 'family'))
    : message(view, 'check', t('invitation.declined.title'), t('invitation.declined.lead'), next(view, 'home'));
}

/** @param {View} view @param {'home' | 'family'} where */
function next({ t }, where) {
  return h('a', { key: where, class: 'button button-primary', href: where === 'home' ? '#/' : '#/family', 'data-test': `invitation-${where}` }, h('span', null, t(`invitation.${where}`)));
}
