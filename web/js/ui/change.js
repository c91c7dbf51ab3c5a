// What the patient's side may do while nobody treats them: everybody, another physician, or nothing any more (CU-6.2, CU-6.5).
import { physicianSearch } from '../people/physician-search.js';
import { form } from '../people/form.js';
import { isOverdue, mayCancel, mayChange, mayOpenToAll } from '../state/life.js';
import { loadedValue } from '../state/people.js';
import { h } from './dom.js';
import { button, focusSoon } from './parts.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */

const ASSIGN = 'assign';
const KEYS = { chosen: 'assign chosen', found: 'assign found' };

/** @param {View} view @param {Consultation} consultation */
export function change(view, consultation) {
  if (!mayCancel(consultation)) return null;
  const { state, t, act } = view;
  const { id } = consultation;
  const urgent = consultation.state === 'refused' || isOverdue(consultation);
  const toAll = mayOpenToAll(consultation);
  return h('section', { class: 'card', key: 'change', 'aria-labelledby': 'change-title', 'data-test': 'change' },
    h('h2', { id: 'change-title' }, t('change.title')),
    toAll && h('div', { class: 'change', key: 'all' },
      button({ test: 'unassign', look: urgent ? 'primary' : 'plain', large: urgent, icon: 'people', label: t('change.unassign'), description: 'change-all',
        busy: state.forms[`unassign ${id}`]?.busy, press: () => act.requests.unassign(id) }),
      h('p', { class: 'hint', id: 'change-all' }, t('change.unassign.hint'))),
    mayChange(consultation) && h('div', { class: 'change', key: 'other' },
      button({ test: 'assign', look: 'plain', large: urgent, icon: 'person', label: t(toAll ? 'change.assign' : 'change.assign.named'), expanded: state.open[ASSIGN] ?? false,
        press: () => openSearch(view) }),
      state.open[ASSIGN] && search(view, consultation)),
    cancel(view, consultation));
}

/** @param {View} view */
function openSearch({ state, act }) {
  for (const key of Object.values(KEYS)) act.people.forget(key);
  act.open(ASSIGN, !state.open[ASSIGN]);
}

/** @param {View} view @param {Consultation} consultation */
function search(view, { id, assigned_to, refused_by, practitioner }) {
  const { state, t, act } = view;
  const chosen = loadedValue(state, KEYS.chosen);
  return h('div', { class: 'change-search', key: 'search', role: 'group', 'aria-labelledby': 'assign-title' },
    h('h3', { id: 'assign-title', class: 'question-title', tabindex: '-1', mounted: focusSoon }, t('change.assign.title')),
    form(view, { name: ASSIGN, submit: t('change.assign.submit'), large: false, send: () => act.requests.assign(id, chosen) }, [
      physicianSearch(view, { form: ASSIGN, keys: KEYS, chosen, without: [assigned_to?.id, refused_by?.id, practitioner?.id, state.session.account?.id] }),
    ]));
}

/** @param {View} view @param {Consultation} consultation */
function cancel({ state, t, act }, { id }) {
  const sent = state.forms[`cancel ${id}`];
  if (!state.open.cancel) return button({ key: 'cancel', test: 'cancel', look: 'quiet', label: t('cancel'), press: () => act.open('cancel', true) });
  return h('div', { class: 'question', key: 'sure', role: 'group', 'aria-labelledby': 'cancel-question' },
    h('p', { id: 'cancel-question', class: 'question-title', tabindex: '-1', mounted: focusSoon }, t('cancel.question')),
    sent?.errors.form && h('p', { class: 'field-error', role: 'alert', key: 'error' }, t(sent.errors.form)),
    h('div', { class: 'buttons' },
      button({ test: 'cancel-confirm', look: 'danger', label: t('cancel.yes'), busy: sent?.busy, press: () => act.requests.cancel(id) }),
      button({ test: 'cancel-keep', look: 'plain', label: t('cancel.no'), press: () => act.open('cancel', false) })));
}
