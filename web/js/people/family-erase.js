// Erasing the account of somebody who has no sign-in of their own; what is lost is said before (CU-12.1).
import { h } from '../ui/dom.js';
import { button, focusSoon, fullName } from '../ui/parts.js';
import * as api from './api.js';
import { erasureForm, wrongErasure } from './erase.js';
import { finish, loadLoss, LOSS } from './family-requests.js';
import { closeTask } from './family-task.js';
import { whenLoaded } from './loading.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Patient} Patient */

/** @param {View} view @param {Patient} patient */
export function erasePage(view, patient) {
  const { t, act } = view;
  const name = fullName(patient);
  return [
    h('h1', { tabindex: '-1', mounted: focusSoon }, t('patient.erase.title', { name })),
    h('p', { class: 'lead' }, t('patient.erase.lead')),
    whenLoaded(view, LOSS, () => loadLoss(act, patient.id), (/** @type {import('./types.js').Loss} */ loss) => [
      lost(view, patient, loss),
      h('div', { key: 'copy', class: 'panel lost' }, h('p', null, t('patient.erase.first')),
        h('a', { class: 'button button-plain', href: api.patients.exportPath(patient.id), download: '', 'data-test': 'patient-erase-export' }, h('span', null, t('patient.export')))),
      erasureForm(view, 'patient-erase', t('patient.erase.submit'), (proof) => erase(act, patient, proof)),
      button({ key: 'keep', test: 'patient-erase-keep', look: 'plain', large: true, label: t('patient.erase.keep'), press: () => closeTask(act) }),
    ]),
  ];
}

/** @param {View} view @param {Patient} patient @param {import('./types.js').Loss} loss */
function lost({ t }, patient, { consultations, documents_unfetched }) {
  const counted = /** @type {[string, number][]} */ ([
    ['requested', consultations.requested], ['claimed', consultations.claimed], ['in_progress', consultations.in_progress], ['documents', documents_unfetched],
  ]).filter(([, count]) => count > 0);
  return h('section', { key: 'lost', class: 'panel panel-warn lost', 'aria-labelledby': 'lost-title', 'data-test': 'patient-erase-lost' },
    h('h2', { id: 'lost-title' }, t('patient.erase.lost')),
    h('ul', { class: 'bullets' },
      h('li', null, t('patient.erase.lost.account', { name: fullName(patient) })),
      h('li', null, t('patient.erase.lost.health')),
      counted.map(([what, count]) => h('li', { key: what, 'data-test': `patient-erase-lost-${what}` }, t(`patient.erase.lost.${what}`, { count })))),
    patient.guardians.length > 1 && h('p', { key: 'others' }, t('patient.erase.others', { name: patient.given_name })));
}

/** @param {import('../app/actions.js').Actions} act @param {Patient} patient @param {{password: string, code?: string, sure: boolean}} proof */
async function erase(act, patient, { sure, ...proof }) {
  act.open('patient-erase code', proof.code !== undefined);
  const done = await act.people.submit({
    form: 'patient-erase', fields: ['password', 'code', 'sure'], errors: wrongErasure({ ...proof, sure }),
    work: () => api.patients.erase(patient.id, proof),
  });
  if (done) await finish(act, 'patient.erase.done', { name: fullName(patient) });
}
