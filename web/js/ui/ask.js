// Asking for a teleconsultation.
import { serverNow } from '../state/select.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { emergency, errorSummary, fullName, heading } from './parts.js';

/** @typedef {import('./view.js').View} View */

const PAYMENTS = ['tiers_payant_integral', 'tiers_payant_amo', 'carte_bancaire'];

/** @param {View} view */
export function askPage(view) {
  const { state, t, words, act } = view;
  const closed = state.maintenance;
  const { patients, limits, account } = state.session;
  const { draft } = state;
  const whom = patients.find(({ id }) => id === draft.patient) ?? patients[0];
  const most = limits?.reason_characters ?? 1000;
  const errors = state.forms.ask?.errors ?? {};
  const busy = state.forms.ask?.busy ?? false;
  const assignment = whom?.attending && draft.assignment !== 'unassigned' ? 'attending' : 'unassigned';
  return h('div', { class: 'column' },
    h('a', { class: 'back', href: '#/', 'data-test': 'back' }, icon('back'), t('back')),
    heading(view, t('ask.title')),
    emergency(view),
    h('form', { class: 'form', novalidate: true, 'data-test': 'ask-form', onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      if (!busy && !closed && whom) act.requests.ask({ patient: whom.id, assignment, reason: String(data.get('reason')), payment: draft.payment });
    } },
      errorSummary(view, 'ask'),
      patients.length > 1 && choice('patient', t('ask.who'), patients.map((patient) => ({
        value: patient.id, test: patient.relation === 'self' ? 'patient-self' : 'patient-represented',
        label: patient.id === account?.id ? t('ask.me') : fullName(patient), hint: patient.id === account?.id ? fullName(patient) : undefined,
        checked: patient === whom, pick: () => act.draft({ patient: patient.id }),
      }))),
      patients.length === 1 && whom && whom.id !== account?.id && h('p', { key: 'only', class: 'lead' }, t('home.for', { name: fullName(whom) })),
      choice('assignment', t('ask.whom'), [
        ...(whom?.attending ? [{
          value: 'attending', test: 'assignment-attending', label: t('ask.attending', { name: whom.attending.family_name }), hint: t('ask.attending_hint'),
          checked: assignment === 'attending', pick: () => act.draft({ assignment: 'attending' }),
        }] : []),
        { value: 'unassigned', test: 'assignment-unassigned', label: t('ask.unassigned'), hint: t('ask.unassigned_hint'),
          checked: assignment === 'unassigned', pick: () => act.draft({ assignment: 'unassigned' }) },
      ]),
      h('div', { class: 'field', key: 'reason' },
        h('label', { for: 'ask-reason' }, t('ask.reason')),
        h('p', { class: 'hint', id: 'reason-hint' }, t('ask.reason_hint')),
        h('textarea', { id: 'ask-reason', name: 'reason', rows: '5', 'data-test': 'reason', autocomplete: 'off', required: true,
          'aria-invalid': errors.reason && 'true', 'aria-describedby': 'reason-hint reason-count reason-error',
          oninput: (/** @type {Event} */ event) => act.draft({ used: [.../** @type {HTMLTextAreaElement} */ (event.target).value].length }) }),
        h('p', { class: `counter${draft.used > most ? ' counter-over' : ''}`, id: 'reason-count', 'data-test': 'reason-count' }, t('ask.counter', { used: draft.used, most })),
        errors.reason && h('p', { class: 'field-error', id: 'reason-error' }, t(errors.reason))),
      choice('payment', t('ask.payment'), PAYMENTS.map((payment) => ({
        value: payment, test: `payment-${payment}`, label: t(`payment.${payment}`), hint: t(`payment.${payment}.hint`),
        checked: draft.payment === payment, pick: () => act.draft({ payment }),
      })), errors.payment && t(errors.payment)),
      h('div', { key: 'closed', role: 'status' }, closed && h('p', { class: 'panel panel-warn', id: 'ask-closed', 'data-test': 'ask-maintenance' },
        t('ask.maintenance', { moment: words.moment(closed.until, serverNow(state)) }))),
      h('button', { class: 'button button-primary button-large', type: 'submit', 'data-test': 'ask-submit', 'aria-busy': busy && 'true', 'aria-disabled': (busy || closed) && 'true', 'aria-describedby': closed && 'ask-closed' },
        h('span', null, t('ask.submit')))));
}

/**
 * @param {string} name
 * @param {string} legend
 * @param {{value: string, test: string, label: string, hint?: string, checked: boolean, pick: () => void}[]} options
 * @param {string} [error]
 */
function choice(name, legend, options, error) {
  return h('fieldset', { class: 'choices', key: name, id: `ask-${name}`, tabindex: '-1', 'aria-describedby': error && `${name}-error` },
    h('legend', null, legend),
    error && h('p', { class: 'field-error', id: `${name}-error`, key: 'error' }, error),
    options.map(({ value, test, label, hint, checked, pick }) => h('label', { class: 'choice', key: value },
      h('input', { type: 'radio', name, value, checked, 'data-test': test, onchange: pick }),
      h('span', null, h('span', { class: 'choice-label' }, label), hint && h('span', { class: 'hint' }, hint)))));
}
