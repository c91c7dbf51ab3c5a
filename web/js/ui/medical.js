// The patient's medical history, for the practitioner who claimed the consultation: shown on a press, gone with the panel.
import * as api from '../people/api.js';
import { facts } from '../people/facts.js';
import { whenLoaded } from '../people/loading.js';
import { medicalKey } from '../state/medical.js';
import { isRunning, serverNow } from '../state/select.js';
import { h } from './dom.js';
import { button, fullName } from './parts.js';
import { sheet } from './sheet.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */

/** @param {View} view @param {Consultation} consultation */
export function medicalButton(view, consultation) {
  const { state, t, act } = view;
  if (!isRunning(consultation)) return null;
  const name = medicalKey(consultation.id);
  return button({ key: 'medical', test: 'medical-open', look: 'quiet', label: t('medical.open'), expanded: state.open[name] ?? false, press: () => {
    act.openOnly(name, !state.open[name]);
    if (!state.open[name]) load(view, consultation);
  } });
}

/** @param {View} view @param {Consultation} consultation */
function load({ act }, { id }) {
  act.people.load(medicalKey(id), () => api.consultations.health(id));
}

/** @param {View} view @param {Consultation} consultation */
export function medicalPanel(view, consultation) {
  const { state, t, words } = view;
  const name = medicalKey(consultation.id);
  if (!state.open[name] || !isRunning(consultation)) return null;
  return sheet(view, name, t('medical.title', { name: fullName(consultation.patient) }), [
    h('div', { key: 'history', 'data-test': 'medical' }, whenLoaded(view, name, () => load(view, consultation), (/** @type {import('../people/types.js').Health} */ { history, social_security_number, updated_at }) => [
      h('p', { key: 'text', class: 'history', 'data-test': 'medical-history' }, history ?? t('medical.none')),
      facts([
        [t('medical.number'), social_security_number, 'medical-number'],
        [t('medical.updated'), updated_at !== null && words.moment(updated_at, serverNow(state)), 'medical-updated'],
      ]),
    ])),
  ]);
}
