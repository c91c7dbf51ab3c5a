// Invitations to accompany somebody that came to one's own e-mail address: on the family page, and on the first page.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { button, fullName } from '../ui/parts.js';
import { answer, loadReceived, RECEIVED } from './family-requests.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Received} Received */

/** @param {View} view */
export function receivedInvitations(view) {
  const { state, t, act } = view;
  /** @type {Received[]} */
  const list = loadedValue(state, RECEIVED) ?? [];
  return h('div', { key: 'received', class: list.length > 0 ? 'list' : 'unseen', role: 'status', 'data-test': 'received', mounted: () => loadReceived(act) },
    list.map((invitation) => h('section', { key: invitation.id, class: 'card card-call received', 'aria-labelledby': `received-${invitation.id}`, 'data-test': 'received-invitation', 'data-invitation': invitation.id },
      h('h2', { id: `received-${invitation.id}` }, t('received.title')),
      what(view, invitation),
      answers(view, invitation, async (given) => {
        if (await answer(act, invitation, given)) act.people.tell('good', given === 'accept' ? 'received.accepted' : 'received.declined', { name: fullName(invitation.patient) });
      }))));
}

/**
 * Who, as what, until when.
 * @param {View} view @param {Received} invitation
 */
export function what({ t, words }, { relation, patient, invited_by, expires_at }) {
  return h('div', { class: 'received-what', key: 'what' },
    h('p', { class: 'lead', 'data-test': 'received-who' }, t(`received.who.${relation}`, { inviter: invited_by ? fullName(invited_by) : t('received.operator'), name: fullName(patient) })),
    h('p', null, t('received.meaning')),
    h('p', { class: 'muted' }, t('received.until', { date: words.date(expires_at) })));
}

/** @param {View} view @param {Received} invitation @param {(answer: 'accept' | 'decline') => void} give */
export function answers({ state, t }, invitation, give) {
  const sent = state.forms[`invitation ${invitation.id}`];
  const option = (/** @type {'accept' | 'decline'} */ given, /** @type {'primary' | 'plain'} */ look) => button({
    key: given, test: `received-${given}`, look, busy: sent?.busy, press: () => give(given),
    label: [t(`received.${given}`), h('span', { class: 'unseen' }, ` (${fullName(invitation.patient)})`)],
  });
  return h('div', { class: 'received-answer', key: 'answer' },
    sent?.errors.form && h('p', { class: 'field-error', role: 'alert', key: `error ${sent.round}`, 'data-test': 'received-error' }, t(sent.errors.form)),
    h('div', { class: 'buttons' }, option('accept', 'primary'), option('decline', 'plain')));
}
