// Inviting the one kind of person who may accompany this patient.
import { h } from '../ui/dom.js';
import { focusSoon } from '../ui/parts.js';
import { invite } from './family-requests.js';
import { fittingRelation } from './family-rules.js';
import { form, textField } from './form.js';

/** @param {import('../ui/view.js').View} view @param {import('./types.js').Patient} patient */
export function inviteForm(view, patient) {
  const { t, act } = view;
  const relation = fittingRelation(patient) ?? 'parent';
  const name = patient.given_name;
  return [
    h('h1', { tabindex: '-1', mounted: focusSoon }, patient.relation === 'self' ? t('invite.title.self') : t('invite.title', { name })),
    h('p', { class: 'lead' }, t(patient.relation === 'self' ? `invite.lead.self.${relation}` : `invite.lead.${relation}`, { name })),
    form(view, { name: 'invite', submit: t('invite.submit'), card: true, send: ({ email }) => invite(act, patient, email, relation) }, [
      textField(view, 'invite', { name: 'email', label: t('invite.email'), type: 'email', autocomplete: 'off', inputmode: 'email' }),
      h('p', { 'data-test': 'invite-relation', 'data-relation': relation }, t('invite.as'), ' ', h('strong', null, t(`guardians.relation.${relation}`))),
    ]),
  ];
}
