// Who accompanies a patient and who is invited to; taking either back.
import { h } from '../ui/dom.js';
import { button, focusSoon, fullName } from '../ui/parts.js';
import { unlink, uninvite } from './family-requests.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Patient} Patient */

/** @param {View} view @param {Patient} patient */
export function guardians(view, patient) {
  const { t } = view;
  const title = `guardians-${patient.id}`;
  return h('section', { class: 'people', key: 'guardians', 'aria-labelledby': title, 'data-test': 'guardians' },
    h('h3', { id: title }, patient.relation === 'self' ? t('guardians.title.self') : t('guardians.title', { name: patient.given_name })),
    patient.guardians.length === 0 ? h('p', { key: 'none' }, t('guardians.none'))
      : h('ul', { key: 'list' }, patient.guardians.map((guardian) => row(view, patient, guardian))));
}

/** @param {View} view @param {Patient} patient @param {Patient['guardians'][number]} guardian */
function row(view, patient, guardian) {
  const { state, t, words, act } = view;
  const name = fullName(guardian);
  const oneself = guardian.id === state.session.account?.id;
  const asked = `unlink ${patient.id} ${guardian.id}`;
  return h('li', { key: guardian.id, class: 'people-row', 'data-test': 'guardian', 'data-guardian': guardian.id },
    h('p', null, h('strong', null, oneself ? t('guardians.you', { name }) : name), h('span', { class: 'hint' }, t('guardians.since', { relation: t(`guardians.relation.${guardian.relation}`), date: words.date(guardian.since) }))),
    guardian.revocable && !state.open[asked] && button({ key: 'remove', test: 'guardian-remove', look: 'quiet', press: () => act.openOnly(asked, true),
      label: oneself ? t('guardians.step_back') : [t('guardians.remove'), h('span', { class: 'unseen' }, ` ${name}`)] }),
    guardian.revocable && state.open[asked] && question(view, patient, guardian, oneself));
}

/** @param {View} view @param {Patient} patient @param {Patient['guardians'][number]} guardian @param {boolean} oneself */
function question(view, patient, guardian, oneself) {
  const { state, t, act } = view;
  const what = oneself ? 'step_back' : 'remove';
  const values = { name: fullName(guardian), patient: fullName(patient) };
  const id = `unlink-${patient.id}-${guardian.id}`;
  const sent = state.forms.unlink;
  return h('div', { class: 'question panel', key: 'question', role: 'group', 'aria-labelledby': id, 'aria-describedby': `${id}-effect` },
    h('p', { id, class: 'question-title', tabindex: '-1', mounted: focusSoon }, t(`guardians.${what}.question`, values)),
    h('p', { id: `${id}-effect`, 'data-test': 'guardian-effect' }, t(`guardians.${what}.effect${patient.relation === 'self' ? '.self' : ''}`, values)),
    sent?.errors.form && h('p', { class: 'field-error', role: 'alert', key: `error ${sent.round}`, 'data-test': 'guardian-error' }, t(sent.errors.form)),
    h('div', { class: 'buttons' },
      button({ test: 'guardian-remove-confirm', look: 'danger', label: t(`guardians.${what}.yes`), busy: sent?.busy, press: () => unlink(act, patient, guardian, oneself) }),
      button({ test: 'guardian-keep', look: 'plain', label: t('guardians.keep'), press: () => act.openOnly('unlink', false) })));
}

/** @param {View} view @param {Patient} patient */
export function openInvitations(view, patient) {
  const { state, t, words, act } = view;
  const title = `invitations-${patient.id}`;
  return h('section', { class: 'people', key: 'invitations', 'aria-labelledby': title, 'data-test': 'open-invitations' },
    h('h3', { id: title }, t('invitations.title')),
    h('ul', null, patient.invitations.map((invitation) => {
      const sent = state.forms[`uninvite ${invitation.id}`];
      return h('li', { key: invitation.id, class: 'people-row', 'data-test': 'open-invitation', 'data-invitation': invitation.id },
        h('p', null, h('strong', { class: 'address' }, invitation.email), h('span', { class: 'hint' }, t('invitations.until', { relation: t(`guardians.relation.${invitation.relation}`), date: words.date(invitation.expires_at) }))),
        button({ test: 'invitation-cancel', look: 'quiet', busy: sent?.busy, press: () => uninvite(act, patient, invitation.id),
          label: [t('invitations.cancel'), h('span', { class: 'unseen' }, ` ${t('invitations.cancel.of', { email: invitation.email })}`)] }),
        sent?.errors.form && h('p', { class: 'field-error', role: 'alert', key: `error ${sent.round}` }, t(sent.errors.form)));
    })));
}
