// All consultations that somebody had, asked for or conducted, newest first, long after they were closed.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { TONE } from '../ui/home.js';
import { button, doctor, errorSummary, fullName, heading, tag } from '../ui/parts.js';
import { backLink } from '../people/form.js';
import { whenLoaded } from '../people/loading.js';
import { loadMore, loadPast, PAST } from './requests.js';
import { timesIn } from './times.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').PastConsultation} PastConsultation */

/** @param {View} view @param {boolean} fresh */
export function enter({ act, state }, fresh) {
  if (fresh || !loadedValue(state, PAST)) loadPast(act);
}

/** @param {View} view */
export function page(view) {
  const { t } = view;
  return h('div', { class: 'column', 'data-test': 'past' },
    backLink(view),
    heading(view, t('past.title')),
    h('p', { class: 'lead' }, t('past.lead')),
    whenLoaded(view, PAST, () => loadPast(view.act), (/** @type {import('./requests.js').Past} */ past) => content(view, past)));
}

/** @param {View} view @param {import('./requests.js').Past} past */
function content(view, { list, more }) {
  const { t, act, state } = view;
  if (list.length === 0) return h('p', { class: 'empty', key: 'none', 'data-test': 'past-none' }, t('past.none'));
  return [
    h('ul', { class: 'list', key: 'list' }, list.map((one) => item(view, one))),
    errorSummary(view, 'past'),
    more && button({ key: 'more', test: 'past-more', label: t('past.more'), busy: state.forms.past?.busy, press: () => loadMore(act, state) }),
  ];
}

/** @param {View} view @param {PastConsultation} consultation */
function item(view, { id, state: stage, side, requested_at, other }) {
  const { t, state } = view;
  const asked = t('past.asked', { time: timesIn(state.language).full(requested_at) });
  const name = other && (side === 'patient' ? doctor(view, other) : fullName(other));
  return h('li', { key: id, class: 'card row', 'data-test': 'past-consultation', 'data-consultation': id, 'data-state': stage, 'data-side': side },
    h('div', { class: 'row-text' },
      h('p', { class: 'row-title' }, name || t(`past.unnamed.${side}`)),
      h('p', { class: 'muted' }, asked),
      tag({ name: 'state', tone: TONE[stage], label: t(`${side === 'patient' ? '' : 'desk.'}state.${stage}`), test: 'past-state' })),
    h('a', { class: 'button button-plain', href: `#/record/${id}`, 'data-test': 'see-record' },
      h('span', null, t('record.link'), h('span', { class: 'unseen' }, ` (${asked})`))));
}
