// What a practitioner does with a sheet or a question in between: start with an attestation, end with a reason, refuse, give a claim back.
import { h } from './dom.js';
import { button, focusSoon, fullName } from './parts.js';
import { sheet } from './sheet.js';

/** @typedef {import('./view.js').View} View */

const REASONS = ['completed', 'conditions_not_met', 'technical', 'emergency', 'other'];

/** @param {View} view @param {import('../signalling/types.js').Consultation} consultation */
export function attestPanel(view, consultation) {
  const { state, t, act } = view;
  if (!state.open.attest || state.room?.as !== 'practitioner') return null;
  const persons = (state.room.snapshot?.seats ?? []).filter(({ seat }) => seat !== 'practitioner').flatMap((seat) => seat.persons);
  const form = state.forms.attest;
  return sheet(view, 'attest', t('attest.title'), [
    h('p', { class: 'muted', key: 'lead' }, t('attest.lead')),
    form?.errors.form && h('p', { class: 'field-error', role: 'alert', key: 'error', 'data-test': 'attest-error' }, t(form.errors.form)),
    persons.length === 0 && h('p', { key: 'nobody' }, t('attest.nobody')),
    h('form', { key: 'form', class: 'form', onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const chosen = new FormData(/** @type {HTMLFormElement} */ (event.target)).getAll('person').map(String);
      act.requests.start(consultation.id, chosen);
    } },
      persons.map((person) => h('label', { class: 'choice', key: person.id },
        h('input', { type: 'checkbox', name: 'person', value: person.id, 'data-test': `attest-${person.role}` }),
        h('span', null, h('span', { class: 'choice-label' }, fullName(person)), h('span', { class: 'hint' }, t(`role.${person.role}`))))),
      h('button', { class: 'button button-primary', type: 'submit', 'data-test': 'start-confirm', 'aria-busy': form?.busy && 'true', 'aria-disabled': form?.busy && 'true' }, h('span', null, t('attest.confirm')))),
  ]);
}

/** @param {View} view @param {string} id of the consultation */
export function endPanel(view, id) {
  const { state, t, act } = view;
  if (!state.open[`end ${id}`]) return null;
  const form = state.forms.end;
  return sheet(view, `end ${id}`, t('end.title'), [
    h('p', { class: 'muted', key: 'lead' }, t('end.lead')),
    h('div', { key: 'lost', role: 'status' }, state.connection.phase === 'lost' && h('p', { class: 'panel panel-warn', 'data-test': 'end-untold' }, t(form?.busy ? 'end.waits' : 'end.untold'))),
    form?.errors.form && h('p', { class: 'field-error', role: 'alert', key: 'error' }, t(form.errors.form)),
    h('div', { class: 'end-reasons', key: 'reasons' }, REASONS.map((reason) => h('button', {
      key: reason, type: 'button', class: 'button button-plain', 'data-test': `end-reason-${reason}`, 'aria-disabled': form?.busy && 'true',
      onclick: () => act.requests.end(id, /** @type {import('../signalling/types.js').EndReason} */ (reason)),
    }, h('span', null, t(`end_reason.${reason}`))))),
  ]);
}

/** @param {View} view @param {string} id of a request that is assigned to this practitioner */
export function refuseButton({ state, t, act }, id) {
  const name = `refuse ${id}`;
  return button({ key: 'refuse', test: 'refuse', look: 'quiet', label: t('refuse'), expanded: state.open[name] ?? false, press: () => act.openOnly(name, !state.open[name]) });
}

/**
 * CU-6.5: two grounds, no free text.
 * @param {View} view @param {string} id of the request
 */
export function refusePanel(view, id) {
  const { state, t, act } = view;
  const name = `refuse ${id}`;
  if (!state.open[name]) return null;
  const form = state.forms[name];
  return sheet(view, name, t('refuse.title'), [
    h('p', { class: 'muted', key: 'lead' }, t('refuse.lead')),
    form?.errors.form && h('p', { class: 'field-error', role: 'alert', key: `error ${form.round}` }, t(form.errors.form)),
    h('div', { class: 'end-reasons', key: 'grounds' }, /** @type {const} */ (['professional', 'personal']).map((grounds) =>
      button({ key: grounds, test: `refuse-${grounds}`, look: 'plain', label: t(`refuse.${grounds}`), busy: form?.busy, press: () => act.requests.refuse(id, grounds) }))),
  ]);
}

/** @param {View} view @param {string} id of a consultation before its start */
export function releaseQuestion({ state, t, act }, id) {
  const name = `release ${id}`;
  if (!state.open[name]) return null;
  const form = state.forms[name];
  return h('div', { class: 'question', key: 'release', role: 'group', 'aria-labelledby': `release-${id}` },
    h('p', { id: `release-${id}`, class: 'question-title', tabindex: '-1', mounted: focusSoon }, t('release.question')),
    h('p', { class: 'muted', key: 'effect' }, t('release.effect')),
    form?.errors.form && h('p', { class: 'field-error', role: 'alert', key: `error ${form.round}` }, t(form.errors.form)),
    h('div', { class: 'buttons' },
      button({ test: 'release-confirm', look: 'danger', label: t('release.yes'), busy: form?.busy, press: () => act.requests.release(id) }),
      button({ test: 'release-keep', look: 'plain', label: t('release.no'), press: () => act.open(name, false) })));
}
