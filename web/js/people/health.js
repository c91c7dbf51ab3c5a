// One's own medical history and social security number: health data, which the person may give, correct and take back.
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { HISTORY_CHARACTERS, isSocialSecurityNumber, joined, lengthOf } from './checks.js';
import { backLink, form, textField } from './form.js';
import { whenLoaded } from './loading.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Health} Health */

const KEY = 'health';
const FORM = 'health';

/** @param {View} view */
export function enter({ state, act }) {
  act.people.load(KEY, () => api.patients.health(state.session.account?.id ?? ''));
}

/** @param {View} view */
export function page(view) {
  const { t, words } = view;
  return h('div', { class: 'column' },
    backLink(view),
    heading(view, t('account.part.health')),
    h('p', { class: 'panel', 'data-test': 'health-readers' }, t('health.readers')),
    whenLoaded(view, KEY, () => enter(view), (/** @type {Health} */ health) => [
      healthForm(view, FORM, health, (written) => send(view, written)),
      health.updated_at && h('p', { class: 'muted', key: 'updated' }, t('health.updated', { date: words.date(health.updated_at) })),
    ]));
}

/**
 * @param {View} view @param {string} name @param {Health} health
 * @param {(written: {history: string, number: string}) => void} send
 */
export function healthForm(view, name, health, send) {
  const { t } = view;
  return form(view, { name, submit: t('form.save'), send: ({ history, social_security_number }) => send({ history, number: joined(social_security_number).toUpperCase() }) }, [
    textField(view, name, { name: 'history', label: t('health.history'), hint: t('health.history_hint', { most: HISTORY_CHARACTERS }), autocomplete: 'off', rows: 8, optional: true,
      value: health.history ?? '' }),
    textField(view, name, { name: 'social_security_number', label: t('health.number'), hint: t('health.number_hint'), autocomplete: 'off', inputmode: 'text', maxlength: 30, optional: true,
      value: health.social_security_number ?? '' }),
  ]);
}

/** @param {{history: string, number: string}} written @returns {Record<string, string | undefined>} what is wrong, by field */
export function wrongHealth({ history, number }) {
  return {
    history: lengthOf(history) > HISTORY_CHARACTERS ? 'form.too_long' : undefined,
    social_security_number: number === '' || isSocialSecurityNumber(number) ? undefined : 'health.number_wrong',
  };
}

/** @param {View} view @param {{history: string, number: string}} written */
async function send(view, written) {
  const { state, act } = view;
  const health = { history: written.history || null, social_security_number: written.number || null };
  const done = await act.people.submit({
    form: FORM, fields: ['history', 'social_security_number'], errors: wrongHealth(written),
    work: () => api.patients.writeHealth(state.session.account?.id ?? '', health),
  });
  if (!done) return;
  act.people.know(KEY, { ...health, updated_at: state.now });
  act.people.tell('good', 'account.saved');
}
