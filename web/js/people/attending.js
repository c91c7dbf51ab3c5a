// The attending physician (CU-6.1): found among the registered ones, named by hand, or none.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { fullName } from '../ui/parts.js';
import * as api from './api.js';
import { choices, textField } from './form.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Attending} Attending */
/** @typedef {import('./types.js').FoundPractitioner} FoundPractitioner */

const PATIENCE_MS = 350;
const LEAST = 2;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

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
    how === 'registered' && search(view, form, attending),
    how === 'typed' && textField(view, form, { name: 'attending_name', label: t('attending.name'), autocomplete: 'off', capitals: true, maxlength: 100,
      value: attending && 'name' in attending ? attending.name : undefined }));
}

/** @param {View} view @param {string} form @param {Attending | null} [attending] */
function search(view, form, attending) {
  const { state, t, act } = view;
  const key = keys(form);
  const chosen = chosenOf(state, form, attending);
  const asked = state.people.data[key.found];
  /** @type {FoundPractitioner[]} */
  const found = loadedValue(state, key.found) ?? [];
  const list = chosen ? [chosen, ...found.filter(({ id }) => id !== chosen.id)] : found;
  /** @param {Event} event */
  const ask = ({ target }) => {
    const name = /** @type {HTMLInputElement} */ (target).value.trim();
    clearTimeout(soon);
    if (name.length < LEAST) act.people.forget(key.found);
    else soon = setTimeout(() => act.people.load(key.found, () => api.practitioners.find(name)), PATIENCE_MS);
  };
  const id = `${form}-attending-search`;
  return h('div', { class: 'fields', key: 'search' },
    h('div', { class: 'field' },
      h('label', { for: id }, t('attending.search')),
      h('p', { class: 'hint', id: `${id}-hint` }, t('attending.search_hint')),
      h('input', { id, type: 'search', autocomplete: 'off', spellcheck: 'false', maxlength: 100, 'data-test': id, 'aria-describedby': `${id}-hint ${id}-status`, oninput: ask,
        // Enter would send the whole form.
        onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') event.preventDefault(); } }),
      h('p', { class: 'hint', id: `${id}-status`, role: 'status', 'data-test': `${id}-status` },
        asked?.phase === 'failed' ? t(asked.error ?? 'error.other') : asked?.phase === 'loaded' && t('attending.found', { count: found.length }))),
    list.length > 0 && choices(view, form, {
      name: 'attending_id', legend: t('attending.which'), value: chosen?.id, pick: (value) => act.people.know(key.chosen, list.find((one) => one.id === value)),
      options: list.map((one) => ({ value: one.id, label: fullName(one), hint: one.specialty ?? undefined })),
    }));
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
