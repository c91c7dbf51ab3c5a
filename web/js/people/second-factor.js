// The second factor (RFC 6238): on with a code, recovery codes shown once, off with the password and a code.
import { loadedValue } from '../state/people.js';
import { hasRole } from '../state/select.js';
import { h } from '../ui/dom.js';
import { button, focusSoon } from '../ui/parts.js';
import * as api from './api.js';
import { joined } from './checks.js';
import { DETAILS } from './details.js';
import { form, passwordField, textField } from './form.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Details} Details */

const BEGIN = 'second-factor-begin';
const CONFIRM = 'second-factor-confirm';
const REMOVE = 'second-factor-remove';
const SECRET = 'second factor secret';
const CODES = 'recovery codes';

/** @param {View} view */
export function forgetSecrets({ act }) {
  act.people.forget(SECRET);
  act.people.forget(CODES);
}

/** @param {View} view @param {Details} details */
export function secondFactorSection(view, details) {
  const { state, t } = view;
  const codes = loadedValue(state, CODES);
  const secret = loadedValue(state, SECRET);
  if (codes) return recoveryCodes(view, codes);
  if (details.second_factor) return removal(view, details);
  return secret ? confirmation(view, details, secret) : [
    h('p', { key: 'lead' }, t('second_factor.lead')),
    form(view, { name: BEGIN, submit: t('second_factor.begin'), look: 'plain', large: false, send: ({ password }) => begin(view, password) }, [
      passwordField(view, BEGIN, { name: 'password', label: t('form.current_password') }),
    ]),
  ];
}

/** @param {View} view @param {Details} details @param {{secret: string, uri: string}} begun */
function confirmation(view, details, { secret, uri }) {
  const { t } = view;
  return [
    h('ol', { class: 'bullets numbers', key: 'steps' },
      h('li', { key: 'app' }, t('second_factor.step_app')),
      h('li', { key: 'secret' }, t('second_factor.step_secret'),
        h('p', { class: 'secret', 'data-test': 'second-factor-secret' }, groups(secret)),
        h('p', null, h('a', { href: uri, 'data-test': 'second-factor-link' }, t('second_factor.open_app')))),
      h('li', { key: 'code' }, t('second_factor.step_code'))),
    form(view, { name: CONFIRM, submit: t('second_factor.confirm'), large: false, send: ({ code }) => confirm(view, details, joined(code)) }, [
      textField(view, CONFIRM, { name: 'code', label: t('sign_in.code'), hint: t('second_factor.code_hint'), autocomplete: 'one-time-code', inputmode: 'numeric', maxlength: 10, mounted: focusSoon }),
    ]),
  ];
}

/** @param {View} view @param {string[]} codes */
function recoveryCodes(view, codes) {
  const { t, act } = view;
  return h('div', { class: 'fields', key: 'codes', 'data-test': 'recovery' },
    h('p', { class: 'panel', tabindex: '-1', mounted: focusSoon }, h('strong', null, t('second_factor.on')), ' ', t('second_factor.codes')),
    h('ul', { class: 'codes', 'data-test': 'recovery-codes' }, codes.map((code) => h('li', { key: code }, code))),
    h('div', { class: 'buttons' },
      button({ key: 'copy', test: 'recovery-copy', label: t('second_factor.copy'), press: async () => {
        await navigator.clipboard.writeText(codes.join('\n'));
        act.people.tell('good', 'second_factor.copied');
      } }),
      button({ key: 'download', test: 'recovery-download', label: t('second_factor.download'), press: () => download('mqm-codes.txt', `${codes.join('\n')}\n`) }),
      button({ key: 'done', test: 'recovery-done', look: 'primary', label: t('second_factor.kept'), press: () => forgetSecrets(view) })));
}

/** @param {View} view @param {Details} details */
function removal(view, details) {
  const { state, t } = view;
  if (hasRole(state, 'operator')) return h('p', { key: 'needed' }, t('second_factor.needed'));
  return [
    h('p', { key: 'on', 'data-test': 'second-factor-on' }, t('second_factor.is_on')),
    form(view, { name: REMOVE, submit: t('second_factor.remove'), look: 'plain', large: false, send: (values) => remove(view, details, values) }, [
      passwordField(view, REMOVE, { name: 'password', label: t('form.current_password') }),
      textField(view, REMOVE, { name: 'code', label: t('sign_in.code'), hint: t('sign_in.code_hint'), autocomplete: 'one-time-code', maxlength: 20 }),
    ]),
  ];
}

/** @param {View} view @param {string} password */
async function begin({ act }, password) {
  const begun = await act.people.submit({
    form: BEGIN, fields: ['password'], errors: { password: password ? undefined : 'sign_in.password_needed' }, work: () => api.secondFactor.begin(password),
  });
  if (begun) act.people.know(SECRET, begun);
}

/** @param {View} view @param {Details} details @param {string} code */
async function confirm({ act }, details, code) {
  const answer = await act.people.submit({
    form: CONFIRM, fields: ['code'], errors: { code: /^\d{6}$/.test(code) ? undefined : 'second_factor.code_needed' }, work: () => api.secondFactor.confirm(code),
  });
  if (!answer) return;
  act.people.forget(SECRET);
  act.people.know(CODES, answer.recovery_codes);
  act.people.know(DETAILS, { ...details, second_factor: true });
}

/** @param {View} view @param {Details} details @param {Record<string, string>} values */
async function remove({ act }, details, { password, code }) {
  const done = await act.people.submit({
    form: REMOVE, fields: ['password', 'code'],
    errors: { password: password ? undefined : 'sign_in.password_needed', code: code ? undefined : 'sign_in.code_needed' },
    work: () => api.secondFactor.remove({ password, code }),
  });
  if (!done) return;
  act.people.know(DETAILS, { ...details, second_factor: false });
  act.people.tell('good', 'second_factor.off');
}

/** @param {string} secret @returns {string} in groups of four, which are easier to copy by hand */
export function groups(secret) {
  return secret.match(/.{1,4}/g)?.join(' ') ?? '';
}

/** @param {string} name @param {string} text */
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
