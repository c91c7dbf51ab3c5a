// The live queue as cards, longest waiting first.
import { cards, serverNow } from '../state/select.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { button, tag } from './parts.js';
import { refuseButton, refusePanel } from './practitioner-panels.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Card} Card */

/** @param {View} view */
export function queue(view) {
  const { state, t } = view;
  const all = cards(state);
  const available = ['available', 'in_consultation'].includes(state.session.practitioner?.presence ?? '');
  return h('section', { class: 'section', 'aria-labelledby': 'queue-title', 'data-test': 'queue' },
    h('h2', { id: 'queue-title' }, t('desk.queue'), ' ', all.length > 0 && h('span', { class: 'count', 'data-test': 'queue-count' }, all.length)),
    all.length === 0 && h('p', { class: 'empty', key: 'none' }, t(available ? 'desk.none' : 'desk.none_away')),
    group(view, 'desk.for_me', 'queue-mine', all.filter(({ assignment }) => assignment === 'mine')),
    group(view, 'desk.unassigned', 'queue-unassigned', all.filter(({ assignment }) => assignment === 'unassigned')));
}

/** @param {View} view @param {string} title @param {string} test @param {Card[]} list */
function group(view, title, test, list) {
  if (list.length === 0) return null;
  return h('div', { key: test, 'data-test': test }, h('h3', null, view.t(title)), h('ul', { class: 'list' }, list.map((card) => queueCard(view, card))));
}

/** @param {View} view @param {Card} card */
function queueCard(view, card) {
  const { state, t, words, act } = view;
  const now = serverNow(state);
  const fresh = state.queue.unseen.includes(card.id);
  return h('li', { key: card.id, class: `card queue-card${fresh ? ' card-new' : ''}`, 'data-test': 'queue-card', 'data-consultation': card.id },
    h('p', { class: 'tags' },
      h('strong', { class: 'age' }, t('desk.age', { count: card.age })),
      card.flags.map((flag) => tag({ name: flag, tone: flag === 'overdue' ? 'danger' : 'warn', label: t(`desk.flag.${flag}`), test: `flag-${flag}` })),
      fresh && tag({ name: 'new', tone: 'call', label: t('desk.flag.new') })),
    h('p', { class: 'queue-reason', 'data-test': 'queue-reason' }, card.reason ?? t('desk.no_reason')),
    h('p', { class: 'muted with-icon' }, icon('clock'), t('desk.waiting', { duration: words.duration(now - card.requested_at) })),
    h('p', { class: 'muted with-icon' }, icon('card'), t(`payment.short.${card.payment}`), ' · ', t('desk.due', { moment: words.moment(card.claim_due_at, now) })),
    button({ test: 'claim', look: 'primary', label: t('desk.claim'), busy: state.forms[`claim ${card.id}`]?.busy, press: () => act.requests.claim(card.id) }),
    card.assignment === 'mine' && refuseButton(view, card.id),
    refusePanel(view, card.id));
}
