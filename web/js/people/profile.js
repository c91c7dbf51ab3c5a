// CU-11: what the account says of its person, and its correction.
import { hasRole } from '../state/select.js';
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import { ADDRESS } from './address.js';
import * as api from './api.js';
import { ATTENDING_FIELDS, attendingField, readAttending } from './attending.js';
import { readDate, wrongAdultBirthDate, wrongName } from './checks.js';
import { DETAILS, details as known, loadDetails } from './details.js';
import { addressFields, dateFields, nameFields, protectionField, readAddress, wrongAddress } from './fields.js';
import { backLink, choices, form } from './form.js';
import { whenLoaded } from './loading.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Details} Details */

export const enter = loadDetails;

const FORM = 'profile';

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  const patient = hasRole(state, 'patient');
  return h('div', { class: 'column' },
    backLink(view),
    heading(view, t('account.part.profile')),
    whenLoaded(view, DETAILS, () => enter(view), (/** @type {Details} */ details) => form(view, { name: FORM, submit: t('form.save'), send: (values) => send(view, values) }, [
      nameFields(view, FORM, details),
      patient && dateFields(view, FORM, { name: 'birth_date', legend: t('form.birth_date'), value: details.birth_date, own: true }),
      addressFields(view, FORM, details.postal_address),
      choices(view, FORM, { name: 'language', legend: t('account.language'), value: details.language, options: ['fr', 'en'].map((value) => ({ value, label: t(`account.language.${value}`) })) }),
      patient && attendingField(view, FORM, details.attending),
      patient && (details.protection === 'none' || details.protection === null ? protectionField(view, FORM, 'none')
        : h('p', { class: 'panel', key: 'protected' }, t(`account.protected.${details.protection}`))),
    ])));
}

/** @param {View} view @param {Record<string, string>} values */
async function send(view, values) {
  const { state, act } = view;
  const before = known(view);
  const patient = hasRole(state, 'patient');
  const birthDate = readDate(values, 'birth_date');
  // Only patients need an address.
  const addressed = patient || ['street', 'postal_code', 'city'].some((name) => values[name]);
  const { attending, wrong } = patient ? readAttending(view, FORM, values, before?.attending ?? null) : { attending: undefined, wrong: {} };
  const details = await act.people.submit({
    form: FORM,
    fields: ['given_name', 'family_name', 'birth_date', ...ADDRESS, 'language', ...ATTENDING_FIELDS, 'protection'],
    errors: {
      given_name: wrongName(values, 'given_name'), family_name: wrongName(values, 'family_name'),
      ...(patient ? { birth_date: wrongAdultBirthDate(birthDate, new Date()), ...wrong } : {}), ...(addressed ? wrongAddress(values) : {}),
    },
    work: () => api.account.correct({
      given_name: values.given_name, family_name: values.family_name, language: values.language, postal_address: addressed ? readAddress(values) : null,
      ...(patient ? { birth_date: birthDate, attending } : {}),
      ...(values.protection && values.protection !== 'none' ? { protection: values.protection } : {}),
    }),
  });
  if (!details) return;
  act.people.know(DETAILS, details);
  act.people.tell('good', 'account.saved');
  act.people.go('#/account');
  await act.account.refresh();
}
