// CU-12.1: what is lost, said before; then everything at once.
import { hasRole } from '../state/select.js';
import { h } from '../ui/dom.js';
import { fullName, heading } from '../ui/parts.js';
import * as api from './api.js';
import { backLink, box, form, passwordField, textField } from './form.js';
import { whenLoaded } from './loading.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Loss} Loss */

const KEY = 'loss';
const FORM = 'erase';

/** @param {View} view */
export function enter({ act }) {
  act.people.load(KEY, api.account.loss);
}

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  return h('div', { class: 'column' },
    backLink(view, state.session.consentsNeeded.length > 0 ? '#/' : '#/account'),
    heading(view, t('account.part.erase')),
    whenLoaded(view, KEY, () => enter(view), (/** @type {Loss} */ loss) => [
      h('div', { class: 'panel panel-warn', key: 'loss', 'data-test': 'loss' }, h('p', null, h('strong', null, t('erase.final'))), h('ul', { class: 'bullets' }, losses(view, loss))),
      h('p', { key: 'first' }, t('erase.first'), ' ', h('a', { href: api.account.exportPath, download: true, 'data-test': 'erase-export' }, t('export.download'))),
      erasureForm(view, FORM, t('erase.submit'), (proof) => send(view, proof)),
    ]));
}

/** @param {View} view @param {Loss} loss */
function losses({ state, t }, loss) {
  const { requested, claimed, in_progress } = loss.consultations;
  return [
    h('li', { key: 'account' }, t('erase.account')),
    hasRole(state, 'patient') && h('li', { key: 'health' }, t('erase.health')),
    requested + claimed > 0 && h('li', { key: 'requests' }, t('erase.requests', { count: requested + claimed })),
    in_progress > 0 && h('li', { key: 'running' }, t('erase.running', { count: in_progress })),
    loss.documents_unfetched > 0 && h('li', { key: 'documents' }, t('erase.documents', { count: loss.documents_unfetched })),
    loss.patients_erased.map((patient) => h('li', { key: patient.id }, t('erase.patient', { name: fullName(patient) }))),
    loss.patients_left.map((patient) => h('li', { key: patient.id }, t('erase.patient_left', { name: fullName(patient) }))),
    h('li', { key: 'record' }, t('erase.record')),
  ];
}

/**
 * Password, code where there is a second factor, and a box to tick.
 * @param {View} view @param {string} name @param {string} submit
 * @param {(proof: {password: string, code?: string, sure: boolean}) => void} send
 */
export function erasureForm(view, name, submit, send) {
  const { state, t } = view;
  const coded = state.session.secondFactor || state.forms[name]?.errors.code !== undefined || (state.open[`${name} code`] ?? false);
  return form(view, { name, submit, look: 'danger', card: true, send: ({ password, code, sure }) => send({ password, ...(code ? { code } : {}), sure: sure === 'yes' }) }, [
    passwordField(view, name, { name: 'password', label: t('form.current_password') }),
    coded && textField(view, name, { name: 'code', label: t('sign_in.code'), hint: t('sign_in.code_hint'), autocomplete: 'one-time-code', maxlength: 20 }),
    box(view, name, { name: 'sure', label: t('erase.sure') }),
  ]);
}

/** @param {{password: string, sure: boolean}} proof @returns {Record<string, string | undefined>} what is wrong, by field */
export function wrongErasure({ password, sure }) {
  return { password: password ? undefined : 'sign_in.password_needed', sure: sure ? undefined : 'erase.sure_needed' };
}

/** @param {View} view @param {{password: string, code?: string, sure: boolean}} proof */
async function send({ act }, { sure, ...proof }) {
  act.open(`${FORM} code`, proof.code !== undefined);
  const done = await act.people.submit({
    form: FORM, fields: ['password', 'code', 'sure'], errors: wrongErasure({ ...proof, sure }), work: () => api.account.erase(proof),
  });
  if (done) act.account.erased();
}
