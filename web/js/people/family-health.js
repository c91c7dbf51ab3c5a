// The medical history that a patient, or who acts for them, may write down; only read by the practitioner who claims a consultation.
import { serverNow } from '../state/select.js';
import { h } from '../ui/dom.js';
import { focusSoon, fullName } from '../ui/parts.js';
import { HEALTH, loadHealth, writeHealth } from './family-requests.js';
import { form, textField } from './form.js';
import { whenLoaded } from './loading.js';

/** @param {import('../ui/view.js').View} view @param {import('./types.js').Patient} patient */
export function healthForm(view, patient) {
  const { state, t, words, act } = view;
  return [
    h('h1', { tabindex: '-1', mounted: focusSoon }, patient.relation === 'self' ? t('patient.health.title.self') : t('patient.health.title', { name: fullName(patient) })),
    h('p', { class: 'lead' }, t('patient.health.lead')),
    whenLoaded(view, HEALTH, () => loadHealth(act, patient.id), (/** @type {import('./types.js').Health} */ health) =>
      form(view, { name: 'patient-health', submit: t('patient.health.submit'), card: true, send: (values) => writeHealth(act, patient, values) }, [
        h('p', { class: 'hint', 'data-test': 'patient-health-updated' }, health.updated_at === null ? t('patient.health.never') : t('patient.health.updated', { moment: words.moment(health.updated_at, serverNow(state)) })),
        textField(view, 'patient-health', { name: 'history', label: t('patient.health.history'), autocomplete: 'off', rows: 10, optional: true, value: health.history ?? '' }),
        textField(view, 'patient-health', { name: 'social_security_number', label: t('patient.health.number'), hint: t('patient.health.number_hint'), autocomplete: 'off', inputmode: 'numeric', optional: true, value: health.social_security_number ?? '' }),
      ])),
  ];
}
