// The people one accompanies, and oneself; one task at a time takes the place of the list.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { button, heading } from '../ui/parts.js';
import { forgetAttending } from './attending.js';
import { childForm, correctForm } from './family-child.js';
import { patientCard } from './family-card.js';
import { erasePage } from './family-erase.js';
import { healthTask } from './family-health.js';
import { inviteForm } from './family-invite.js';
import { FAMILY, loadFamily } from './family-requests.js';
import { closeTask, openTask, taskOf } from './family-task.js';
import { whenLoaded } from './loading.js';
import { receivedInvitations } from './received.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Patient} Patient */

/** @type {Record<string, (view: View, patient: Patient) => import('../ui/dom.js').Child[]>} */
const TASKS = { invite: inviteForm, correct: correctForm, health: healthTask, erase: erasePage };

/** @param {View} view */
export function enter({ act }) {
  loadFamily(act);
}

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  const task = taskOf(state.open);
  /** @type {Patient[]} */
  const patients = loadedValue(state, FAMILY) ?? [];
  const patient = patients.find(({ id }) => id === task?.patient);
  const draw = task && TASKS[task.name];
  if (task?.name === 'child') return taskPage(view, 'child', childForm(view));
  if (patient && draw) return taskPage(view, `${task.name} ${patient.id}`, draw(view, patient));
  return h('div', { class: 'column', key: 'family', 'data-test': 'family' },
    heading(view, t('family.title')),
    h('p', { class: 'lead' }, t('family.lead')),
    receivedInvitations(view),
    whenLoaded(view, FAMILY, () => loadFamily(view.act), () => list(view, patients)));
}

/** @param {View} view @param {Patient[]} patients */
function list(view, patients) {
  const { t, act } = view;
  return [
    patients.length === 0 ? h('p', { class: 'empty', key: 'none', 'data-test': 'family-none' }, t('family.none'))
      : h('ul', { class: 'list', key: 'list' }, patients.map((patient) => patientCard(view, patient))),
    button({ key: 'add', test: 'child-add', look: patients.length === 0 ? 'primary' : 'plain', icon: 'person', large: true, label: t('child.add'), press: () => { forgetAttending(act, 'child'); openTask(act, 'child'); } }),
  ];
}

/** @param {View} view @param {string} name @param {import('../ui/dom.js').Child[]} content */
function taskPage({ t, act }, name, content) {
  return h('div', { class: 'column', key: name, 'data-test': `family-${name.split(' ')[0]}` },
    h('button', { type: 'button', class: 'button button-quiet', 'data-test': 'family-back', onclick: () => closeTask(act) }, icon('back'), h('span', null, t('family.back'))),
    ...content);
}
