// After the call: what is still to come, and closing (CU-5.2). Reason and documents are there until then.
import { unfetched } from '../state/life.js';
import { serverNow } from '../state/select.js';
import { documentsPanel } from './documents.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { button, doctor, focusSoon, fullName, heading } from './parts.js';
import { recordLink } from './record-link.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */
/** @typedef {'patient' | 'practitioner'} Side */

/**
 * The patient's page of a consultation that has ended or is closed.
 * @param {View} view @param {Consultation} consultation
 */
export function afterwardsPage(view, consultation) {
  const { state, t } = view;
  const { practitioner, patient } = consultation;
  const other = patient.id !== state.session.account?.id;
  return h('div', { class: 'column' },
    h('a', { class: 'back', href: '#/', 'data-test': 'back' }, icon('back'), t('back')),
    h('section', { class: 'card stage-card', key: 'state', 'data-test': 'afterwards', 'data-state': consultation.state },
      h('div', { 'aria-live': 'polite' }, heading(view, t(consultation.state === 'closed' ? 'closed.title' : 'over.ended'), 'message-title')),
      h('p', { class: 'muted', key: 'who' }, [practitioner && doctor(view, practitioner), other && t('home.for', { name: fullName(patient) })].filter(Boolean).join(' · ')),
      consultation.state === 'closed' ? closed(view, consultation, 'patient') : h('p', { class: 'lead', key: 'lead' }, t('after.lead'))),
    consultation.state === 'ended' && afterwards(view, consultation, 'patient'),
    h('div', { class: 'buttons', key: 'next' },
      h('a', { class: 'button button-plain', href: '#/', 'data-test': 'go-home' }, h('span', null, t('wait.home'))),
      recordLink(view, consultation.id)));
}

/** @param {View} view @param {Consultation} consultation @param {Side} side */
export function afterwards(view, consultation, side) {
  if (consultation.state === 'closed') return closed(view, consultation, side);
  return h('div', { class: 'afterwards', key: 'afterwards' }, documentsPanel(view, consultation, side), closing(view, consultation, side));
}

/** @param {View} view @param {Consultation} consultation @param {Side} side */
function closed({ t }, { id, closed_why }, side) {
  return h('div', { class: 'closed', key: 'closed', 'data-test': 'closed', 'data-consultation': id, 'data-why': closed_why },
    h('p', null, t(`closed.${closed_why}${closed_why === 'confirmed' && side === 'practitioner' ? '.desk' : ''}`)),
    h('p', { class: 'muted' }, t('closed.gone')));
}

/** @param {View} view @param {Consultation} consultation @param {Side} side */
function closing(view, consultation, side) {
  const { state, t, words, act } = view;
  const { id, documents, close_due_at } = consultation;
  const name = `close ${id}`;
  const left = unfetched(consultation);
  const label = t(side === 'practitioner' ? 'after.close' : documents.length > 0 ? 'after.confirm' : 'after.confirm.none');
  return h('section', { class: side === 'patient' ? 'card' : 'closing', key: 'closing', 'aria-label': t('after.closing'), 'data-test': 'closing' },
    h('p', { key: 'left', role: 'status', 'data-test': 'unfetched', 'data-count': left.length }, left.length > 0 && t(`after.unfetched.${side}`, { count: left.length })),
    left.length === 0 && (state.open[name] ? sure(view, consultation, side)
      : [h('p', { class: 'muted', key: 'what' }, t(`after.what.${side}`)),
        button({ key: 'close', test: side === 'practitioner' ? 'close' : 'confirm', look: 'plain', icon: 'check', label, press: () => act.open(name, true) })]),
    close_due_at !== null && h('p', { class: 'muted with-icon', key: 'due', 'data-test': 'close-due' }, icon('clock'), t('after.due', { moment: words.moment(close_due_at, serverNow(state)) })));
}

/** @param {View} view @param {Consultation} consultation @param {Side} side */
function sure({ state, t, act }, { id }, side) {
  const name = `close ${id}`;
  const sent = state.forms[name];
  const question = `sure-${id}`;
  return h('div', { class: 'question', key: 'sure', role: 'group', 'aria-labelledby': question },
    h('p', { id: question, class: 'question-title', tabindex: '-1', mounted: focusSoon }, t('after.sure')),
    h('p', { key: 'effect' }, t('after.sure.effect')),
    sent?.errors.form && h('p', { class: 'field-error', role: 'alert', key: `error ${sent.round}`, 'data-test': 'close-error' }, t(sent.errors.form)),
    h('div', { class: 'buttons' },
      button({ test: 'close-confirm', look: 'danger', label: t('after.sure.yes'), busy: sent?.busy, press: () => act.requests.close(id, side === 'practitioner' ? 'close' : 'confirm') }),
      button({ test: 'close-keep', look: 'plain', label: t('after.sure.no'), press: () => act.open(name, false) })));
}
