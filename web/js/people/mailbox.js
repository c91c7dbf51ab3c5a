// "Look in your mailbox": the same whatever the address is, so that nobody learns from it who has an account.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { heading } from '../ui/parts.js';

/** Under which the address is kept that a link was sent to. */
export const SENT = 'sent to';

/** @param {import('../ui/view.js').View} view @param {'mailbox.lead' | 'mailbox.lead_forgotten'} [lead] */
export function mailbox(view, lead = 'mailbox.lead') {
  const { state, t, act } = view;
  const email = loadedValue(state, SENT);
  return h('div', { class: 'narrow', key: 'mailbox', 'data-test': 'mailbox' },
    h('div', { class: 'hero-mark', 'aria-hidden': 'true' }, icon('check')),
    heading(view, t('mailbox.title')),
    h('p', { class: 'lead' }, t(lead, { email })),
    h('h2', { class: 'question-title' }, t('mailbox.nothing')),
    h('ul', { class: 'bullets' }, ['wait', 'spam', 'address', 'known'].map((name) => h('li', { key: name }, t(`mailbox.${name}`)))),
    h('button', { type: 'button', class: 'button button-plain', 'data-test': 'mailbox-again', onclick: () => act.people.forget(SENT) }, h('span', null, t('mailbox.again'))));
}
