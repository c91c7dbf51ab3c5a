// The attending physician (CU-6.1): found among the registered ones, named by hand, or none.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { choices, textField } from './form.js';
import { physicianSearch } from './physician-search.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Attending} Attending */
/** @typedef {import('./types.js').FoundPractitioner} FoundPractitioner */

/** @param {string} form what is being chosen for one form is not chosen for another */
const keys = (form) => ({ how: `${form} attending`, chosen: `${form} attending chosen`, found: `${form} attending found` });

/**
 * @param {View} view @param {string} form
 * @param {Attending | null} [attending] who it is so far
 */
export function attendingField(view, form, attending) {
  const { state, t, act } = view;
  const key = keys(form);
  const how = howOf(state, form, attending);
  return h('div', { class: 'fields', key: 'attending' },
    choices(view, form, {
      name: 'attending', legend: t('attending'), hint: t('attending.hint'), value: how, pick: (value) => act.people.know(key.how, value),
      options: ['registered', 'typed', 'none'].map((value) => ({ value, label: t(`attending.${value}`) })),
    }),
    how === 'registered' && physicianSearch(view, { form, keys: key, chosen: chosenOf(state, form, attending) }),
    how === 'typed' && textField(view, form, { name: 'attending_name', label: t('attending.name'), autocomplete: 'off', capitals: true, maxlength: 100,
      value: attending && 'name' in attending ? attending.name : undefined }));
}

/**
 * @param {View} view @param {string} form @param {Record<string, string>} values of the form
 * @param {Attending | null} [attending] who it was
 * @returns {{attending?: {id: string} | {name: string} | null, wrong?: Record<string, string>}}
 */
export function readAttending({ state }, form, values, attending) {
  const how = howOf(state, form, attending);
  if (how === 'none') return { attending: null };
  if (how === 'typed') return values.attending_name ? { attending: { name: values.attending_name } } : { wrong: { attending_name: 'error.missing_field.attending_name' } };
  const chosen = chosenOf(state, form, attending);
  return chosen ? { attending: { id: chosen.id } } : { wrong: { attending: 'attending.choose' } };
}

/** The fields that errors can be shown at. */
export const ATTENDING_FIELDS = ['attending', 'attending_name'];

/** @param {View['state']} state @param {string} form @param {Attending | null} [attending] @returns {string | undefined} */
function howOf(state, form, attending) {
  const before = attending === undefined ? undefined : attending === null ? 'none' : 'id' in attending ? 'registered' : 'typed';
  return loadedValue(state, keys(form).how) ?? before;
}

/** @param {View['state']} state @param {string} form @param {Attending | null} [attending] @returns {FoundPractitioner | null} */
function chosenOf(state, form, attending) {
  return loadedValue(state, keys(form).chosen) ?? (attending && 'id' in attending ? attending : null);
}

/**
 * The form starts anew, for somebody else.
 * @param {View['act']} act @param {string} form
 */
export function forgetAttending(act, form) {
  for (const key of Object.values(keys(form))) act.people.forget(key);
}
