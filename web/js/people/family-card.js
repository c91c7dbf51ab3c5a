// One patient of the family: who they are, who accompanies them, what can be done.
import { serverNow } from '../state/select.js';
import { h } from '../ui/dom.js';
import { button, fullName, tag } from '../ui/parts.js';
import * as api from './api.js';
import { forgetAttending } from './attending.js';
import { ageOn } from './checks.js';
import { facts } from './facts.js';
import { loadHealth, loadLoss } from './family-requests.js';
import { actsFor, fittingRelation, hasRoom } from './family-rules.js';
import { openTask } from './family-task.js';
import { guardians, openInvitations } from './guardians.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Patient} Patient */

/** @param {View} view @param {Patient} patient */
export function patientCard(view, patient) {
  const { t } = view;
  const title = `patient-${patient.id}`;
  const self = patient.relation === 'self';
  const relation = fittingRelation(patient);
  return h('li', { key: patient.id, class: 'card person', 'aria-labelledby': title, 'data-test': 'family-patient', 'data-patient': patient.id, 'data-relation': patient.relation },
    h('h2', { id: title }, fullName(patient)),
    h('p', { class: 'tags' },
      tag({ name: 'relation', tone: 'good', label: self ? t('family.you') : t(`family.relation.${patient.relation}`) }),
      patient.status !== 'adult' && tag({ name: 'status', tone: 'warn', label: t(`family.status.${patient.status}`) })),
    about(view, patient),
    (relation || patient.guardians.length > 0) && guardians(view, patient),
    patient.invitations.length > 0 && openInvitations(view, patient),
    relation && !hasRoom(patient) && h('p', { class: 'hint', key: 'full' }, t('invite.full', { name: patient.given_name })),
    !self && patient.own_sign_in && h('p', { class: 'hint', key: 'own' }, t('family.own_sign_in')),
    tasks(view, patient, relation !== null && hasRoom(patient)));
}

/** @param {View} view @param {Patient} patient */
function about({ state, t, words }, { birth_date, attending }) {
  const physician = !attending ? t('family.attending.none')
    : 'name' in attending ? attending.name : [t('doctor', { name: fullName(attending) }), attending.specialty].filter(Boolean).join(', ');
  return facts([
    [t('form.birth_date'), t('family.born_and_age', { date: words.date(Date.parse(`${birth_date}T12:00:00`)), count: ageOn(birth_date, new Date(serverNow(state))) }), 'family-born'],
    [t('account.attending'), physician, 'family-attending'],
  ]);
}

/** @param {View} view @param {Patient} patient @param {boolean} mayInvite */
function tasks({ t, act }, patient, mayInvite) {
  const { id } = patient;
  const acts = actsFor(patient);
  const self = patient.relation === 'self';
  return h('div', { class: 'buttons', role: 'group', 'aria-labelledby': `patient-${id}` },
    mayInvite && button({ key: 'invite', test: 'family-invite', label: t('invite'), icon: 'people', press: () => openTask(act, 'invite', id) }),
    self && h('a', { key: 'own-health', class: 'button button-plain', href: '#/account/health', 'data-test': 'family-own-health' }, h('span', null, t('patient.health'))),
    !self && button({ key: 'health', test: 'family-health', label: t('patient.health'), press: () => { openTask(act, 'health', id); loadHealth(act, id); } }),
    self && h('a', { key: 'account', class: 'button button-plain', href: '#/account', 'data-test': 'family-account' }, h('span', null, t('family.account'))),
    acts && button({ key: 'correct', test: 'family-correct', label: t('child.correct'), press: () => { forgetAttending(act, 'child-correct'); openTask(act, 'correct', id); } }),
    acts && h('a', { key: 'export', class: 'button button-plain', href: api.patients.exportPath(id), download: '', 'data-test': 'family-export' }, h('span', null, t('patient.export'))),
    acts && button({ key: 'erase', test: 'family-erase', look: 'quiet', label: t('patient.erase'), press: () => { openTask(act, 'erase', id); loadLoss(act, id); } }));
}
