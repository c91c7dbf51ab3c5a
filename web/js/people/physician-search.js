// Finding a physician by name in the directory of those who practise here.
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { fullName } from '../ui/parts.js';
import * as api from './api.js';
import { choices } from './form.js';

/** @typedef {import('./types.js').FoundPractitioner} FoundPractitioner */

const PATIENCE_MS = 350;
const LEAST = 2;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/**
 * @param {import('../ui/view.js').View} view
 * @param {object} options
 * @param {string} options.form
 * @param {{chosen: string, found: string}} options.keys in `state.people.data`
 * @param {FoundPractitioner | null} options.chosen
 * @param {(string | undefined)[]} [options.without] ids of those who cannot be chosen
 */
export function physicianSearch(view, { form, keys, chosen, without = [] }) {
  const { state, t, act } = view;
  const asked = state.people.data[keys.found];
  /** @type {FoundPractitioner[]} */
  const found = (loadedValue(state, keys.found) ?? []).filter((/** @type {FoundPractitioner} */ { id }) => !without.includes(id));
  const list = chosen ? [chosen, ...found.filter(({ id }) => id !== chosen.id)] : found;
  /** @param {Event} event */
  const ask = ({ target }) => {
    const name = /** @type {HTMLInputElement} */ (target).value.trim();
    clearTimeout(soon);
    if (name.length < LEAST) act.people.forget(keys.found);
    else soon = setTimeout(() => act.people.load(keys.found, () => api.practitioners.find(name)), PATIENCE_MS);
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
      name: 'attending_id', legend: t('attending.which'), value: chosen?.id, pick: (value) => act.people.know(keys.chosen, list.find((one) => one.id === value)),
      options: list.map((one) => ({ value: one.id, label: fullName(one), hint: one.specialty ?? undefined })),
    }));
}
