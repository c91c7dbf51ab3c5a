// Groups of fields that several forms about people have.
import { h } from '../ui/dom.js';
import { ADDRESS, countries } from './address.js';
import { choices, textField } from './form.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('../app/people.js').Values} Values */

/** @param {View} view @param {string} form @param {{given_name?: string, family_name?: string}} [person] */
export function nameFields(view, form, person = {}) {
  const { t } = view;
  return [
    textField(view, form, { name: 'given_name', label: t('form.given_name'), autocomplete: 'given-name', capitals: true, maxlength: 100, value: person.given_name }),
    textField(view, form, { name: 'family_name', label: t('form.family_name'), autocomplete: 'family-name', capitals: true, maxlength: 100, value: person.family_name }),
  ];
}

/** @param {View} view @param {string} form @param {import('./types.js').Address | null} [address] */
export function addressFields(view, form, address) {
  const { t, state } = view;
  return h('fieldset', { class: 'fields', key: 'address' },
    h('legend', null, t('form.address')),
    textField(view, form, { name: 'street', label: t('form.street'), autocomplete: 'street-address', rows: 2, capitals: true, maxlength: 200, value: address?.street }),
    textField(view, form, { name: 'postal_code', label: t('form.postal_code'), autocomplete: 'postal-code', maxlength: 20, value: address?.postal_code }),
    textField(view, form, { name: 'city', label: t('form.city'), autocomplete: 'address-level2', capitals: true, maxlength: 100, value: address?.city }),
    h('div', { class: 'field', key: 'country' },
      h('label', { for: `${form}-country` }, t('form.country')),
      h('select', { id: `${form}-country`, name: 'country', autocomplete: 'country', 'data-test': `${form}-country` },
        countries(state.language).map(({ code, name }) => h('option', { key: code, value: code, selected: code === (address?.country ?? 'FR') }, name)))));
}

/** @param {Values} values @returns {import('./types.js').Address} */
export function readAddress(values) {
  return { street: values.street.replace(/\r\n/g, '\n'), postal_code: values.postal_code, city: values.city, country: values.country };
}

/** @param {Values} values @returns {Record<string, string | undefined>} what is wrong, by field */
export function wrongAddress(values) {
  const missing = Object.fromEntries(ADDRESS.map((name) => [name, values[name] ? undefined : `error.missing_field.${name}`]));
  return { ...missing, ...(values.street?.split('\n').length > 3 ? { street: 'form.street_lines' } : {}) };
}

/**
 * Three fields, as a calendar of a century ago is hard to page through.
 * @param {View} view @param {string} form @param {{name: string, legend: string, hint?: string, value?: string | null, own?: boolean}} options `value` YYYY-MM-DD;
 *   `own`: the browser may fill in what it knows about its person
 */
export function dateFields({ state, t }, form, { name, legend, hint, value, own = false }) {
  const error = state.forms[form]?.errors[name];
  const id = `${form}-${name}`;
  const [year, month, day] = value?.split('-') ?? [];
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return h('fieldset', { class: 'field date', key: name, id, tabindex: '-1', 'aria-describedby': described || undefined },
    h('legend', null, legend),
    hint && h('p', { class: 'hint', id: `${id}-hint`, key: 'hint' }, hint),
    h('div', { class: 'date-parts', key: 'parts' }, [{ part: 'day', start: day, size: 2 }, { part: 'month', start: month, size: 2 }, { part: 'year', start: year, size: 4 }].map(({ part, start, size }) =>
      h('div', { class: `field date-${part}`, key: part },
        h('label', { for: `${id}_${part}` }, t(`form.${part}`)),
        h('input', { id: `${id}_${part}`, name: `${name}_${part}`, type: 'text', inputmode: 'numeric', autocomplete: own ? `bday-${part}` : 'off', maxlength: size, value: start,
          required: true, 'data-test': `${id}-${part}`, 'aria-invalid': error && 'true' })))),
    error && h('p', { class: 'field-error', id: `${id}-error`, key: 'error' }, t(error)));
}

/** @param {View} view @param {string} form @param {string} value */
export function protectionField(view, form, value) {
  const { t } = view;
  return choices(view, form, {
    name: 'protection', legend: t('protection'), hint: t('protection.hint'), value,
    options: ['none', 'tutelle', 'curatelle'].map((name) => ({ value: name, label: t(`protection.${name}`), hint: name === 'none' ? undefined : t(`protection.${name}.hint`) })),
  });
}

/** @param {View} view @param {string} form @param {{rpps: string, specialty: string, sector: number}} [practitioner] */
export function practitionerFields(view, form, practitioner) {
  const { t } = view;
  return [
    textField(view, form, { name: 'rpps', label: t('practitioner.rpps'), hint: t('practitioner.rpps_hint'), autocomplete: 'off', inputmode: 'numeric', maxlength: 20, value: practitioner?.rpps }),
    textField(view, form, { name: 'specialty', label: t('practitioner.specialty'), hint: t('practitioner.specialty_hint'), autocomplete: 'off', capitals: true, maxlength: 100, value: practitioner?.specialty }),
    choices(view, form, { name: 'sector', legend: t('practitioner.sector'), value: String(practitioner?.sector ?? ''),
      options: ['1', '2', '3'].map((value) => ({ value, label: t(`practitioner.sector.${value}`), hint: t(`practitioner.sector.${value}.hint`) })) }),
  ];
}
