// The medical history of somebody one acts for: as one's own.
import { h } from '../ui/dom.js';
import { focusSoon, fullName } from '../ui/parts.js';
import * as api from './api.js';
import { HEALTH, loadHealth } from './family-requests.js';
import { closeTask } from './family-task.js';
import { healthForm, wrongHealth } from './health.js';
import { whenLoaded } from './loading.js';

/** @param {import('../ui/view.js').View} view @param {import('./types.js').Patient} patient */
export function healthTask(view, patient) {
  const { t, words, act } = view;
  return [
    h('h1', { tabindex: '-1', mounted: focusSoon }, t('patient.health.title', { name: fullName(patient) })),
    h('p', { class: 'panel', 'data-test': 'patient-health-readers' }, t('patient.health.readers')),
    whenLoaded(view, HEALTH, () => loadHealth(act, patient.id), (/** @type {import('./types.js').Health} */ health) => [
      healthForm(view, 'patient-health', health, (written) => write(act, patient, written)),
      health.updated_at && h('p', { class: 'muted', key: 'updated', 'data-test': 'patient-health-updated' }, t('health.updated', { date: words.date(health.updated_at) })),
    ]),
  ];
}

/**
 * @param {import('../app/actions.js').Actions} act @param {import('./types.js').Patient} patient
 * @param {{history: string, number: string}} written
 */
async function write(act, patient, written) {
  const done = await act.people.submit({
    form: 'patient-health', fields: ['history', 'social_security_number'], errors: wrongHealth(written),
    work: () => api.patients.writeHealth(patient.id, { history: written.history || null, social_security_number: written.number || null }),
  });
  if (!done) return;
  closeTask(act);
  act.people.forget(HEALTH);
  act.people.tell('good', 'patient.health.saved', { name: fullName(patient) });
}
