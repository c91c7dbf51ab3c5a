// Making an account: for oneself, for a child or a relative, or both.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import { ADDRESS } from './address.js';
import * as api from './api.js';
import { ATTENDING_FIELDS, attendingField, readAttending } from './attending.js';
import { readDate, wrongAdultBirthDate, wrongEmail, wrongName, wrongPassword } from './checks.js';
import { addressFields, dateFields, nameFields, protectionField, readAddress, wrongAddress } from './fields.js';
import { backLink, choices, form, passwordField, textField } from './form.js';
import { mailbox, SENT } from './mailbox.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('../app/people.js').Values} Values */

const FORM = 'sign-up';
const WHO = 'sign-up who';

/** @param {View} view @param {boolean} fresh */
export function enter({ act }, fresh) {
  if (fresh) act.people.forget(SENT);
}

/** @param {View} view */
export function page(view) {
  const { state, t, act } = view;
  if (loadedValue(state, SENT)) return mailbox(view);
  const who = loadedValue(state, WHO);
  const own = who === 'patient' || who === 'both';
  return h('div', { class: 'column' },
    backLink(view, '#/'),
    heading(view, t('sign_up.title')),
    h('p', { class: 'lead' }, t('sign_up.lead')),
    form(view, { name: FORM, submit: t('sign_up.submit'), send: (values) => send(view, values) }, [
      choices(view, FORM, { name: 'kind', legend: t('sign_up.who'), value: who ?? '', pick: (value) => act.people.know(WHO, value),
        options: ['patient', 'guardian', 'both'].map((value) => ({ value, label: t(`sign_up.who.${value}`), hint: t(`sign_up.who.${value}.hint`) })) }),
      h('p', { key: 'practitioner' }, h('a', { href: '#/sign-up/practitioner', 'data-test': 'to-sign-up-practitioner' }, t('sign_in.practitioner'))),
      who && h('div', { class: 'fields', key: 'person' },
        nameFields(view, FORM),
        own && dateFields(view, FORM, { name: 'birth_date', legend: t('form.birth_date'), hint: t('sign_up.birth_date_hint'), own: true }),
        own && addressFields(view, FORM)),
      own && h('div', { class: 'fields', key: 'care' }, attendingField(view, FORM), protectionField(view, FORM, 'none')),
      who && credentials(view, FORM),
    ]));
}

/** @param {View} view @param {string} name of the form */
export function credentials(view, name) {
  const { t } = view;
  return h('div', { class: 'fields', key: 'credentials' },
    textField(view, name, { name: 'email', label: t('sign_in.email'), hint: t('sign_up.email_hint'), type: 'email', autocomplete: 'username', inputmode: 'email' }),
    passwordField(view, name, { name: 'password', label: t('form.new_password'), hint: t('form.password_hint'), chosen: true }));
}

/** @param {View} view @param {Values} values */
async function send(view, values) {
  const { state, act } = view;
  const own = values.kind === 'patient' || values.kind === 'both';
  const birthDate = readDate(values, 'birth_date');
  const { attending, wrong } = readAttending(view, FORM, values);
  const answer = await act.people.submit({
    form: FORM,
    fields: ['kind', 'given_name', 'family_name', 'birth_date', ...ADDRESS, ...ATTENDING_FIELDS, 'protection', 'email', 'password'],
    errors: !values.kind ? { kind: 'sign_up.who_choose' } : {
      given_name: wrongName(values, 'given_name'), family_name: wrongName(values, 'family_name'),
      ...(own ? { birth_date: wrongAdultBirthDate(birthDate, new Date()), ...wrongAddress(values), ...wrong } : {}),
      email: wrongEmail(values.email), password: wrongPassword(values.password),
    },
    work: () => api.registration.begin({
      kind: own ? 'patient' : 'guardian', language: state.language, ...pick(values, ['given_name', 'family_name', 'email', 'password']),
      ...(own ? { birth_date: birthDate, postal_address: readAddress(values), protection: values.protection, attending } : {}),
      ...(values.kind === 'both' ? { is_guardian: true } : {}),
    }),
  });
  if (answer) act.people.know(SENT, answer.email);
}

/** @param {Values} values @param {string[]} names */
function pick(values, names) {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

