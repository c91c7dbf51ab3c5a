// A parent makes the account of their child, and corrects what it says.
import { serverNow } from '../state/select.js';
import { h } from '../ui/dom.js';
import { focusSoon, fullName } from '../ui/parts.js';
import { addChild, correctChild } from './family-requests.js';
import { box, form, textField } from './form.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Patient} Patient */

/** @param {View} view */
export function childForm(view) {
  const { state, t, act } = view;
  return [
    h('h1', { tabindex: '-1', mounted: focusSoon }, t('child.title')),
    h('p', { class: 'lead' }, t('child.lead')),
    form(view, { name: 'child', submit: t('child.submit'), card: true, send: (values) => addChild(act, values, null, serverNow(state)) },
      [...person(view, 'child'), box(view, 'child', { name: 'authority', label: t('child.authority') })]),
  ];
}

/** @param {View} view @param {Patient} patient */
export function correctForm(view, patient) {
  const { state, t, act } = view;
  return [
    h('h1', { tabindex: '-1', mounted: focusSoon }, t('child.correct.title', { name: fullName(patient) })),
    form(view, { name: 'child-correct', submit: t('child.save'), card: true, send: (values) => correctChild(act, patient, values, null, serverNow(state)) },
      person(view, 'child-correct', patient)),
  ];
}

/** @param {View} view @param {string} name of the form @param {Patient} [patient] */
function person(view, name, patient) {
  const { t } = view;
  return [
    textField(view, name, { name: 'given_name', label: t('child.given_name'), autocomplete: 'off', maxlength: 100, capitals: true, value: patient?.given_name }),
    textField(view, name, { name: 'family_name', label: t('child.family_name'), autocomplete: 'off', maxlength: 100, capitals: true, value: patient?.family_name }),
    textField(view, name, { name: 'birth_date', label: t('child.birth_date'), type: 'date', autocomplete: 'off', value: patient?.birth_date }),
  ];
}
