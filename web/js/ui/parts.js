// Pieces that several pages use.
import { h } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('./dom.js').Child} Child */

/**
 * A busy button keeps its focus: it says so and ignores the press, rather than being disabled.
 * @param {{test: string, label: Child, press: () => void, look?: 'primary' | 'quiet' | 'danger' | 'plain', icon?: string, busy?: boolean,
 *   large?: boolean, expanded?: boolean, key?: string, description?: string}} options
 */
export function button({ test, label, press, look = 'plain', icon: name, busy = false, large = false, expanded, key, description }) {
  return h('button', {
    key, type: 'button', class: `button button-${look}${large ? ' button-large' : ''}`, 'data-test': test,
    'aria-disabled': busy && 'true', 'aria-busy': busy && 'true', 'aria-describedby': description,
    'aria-expanded': expanded === undefined ? undefined : String(expanded),
    onclick: () => busy || press(),
  }, name && icon(name), h('span', null, label));
}

/**
 * A field with its label, hint and error. What is typed stays in the DOM; `value` is only what it starts with.
 * @param {View} view
 * @param {{form: string, name: string, label: string, type: string, test: string, autocomplete: string, inputmode?: string, hint?: string, value?: string,
 *   optional?: boolean, maxlength?: number, rows?: number, capitals?: boolean, mounted?: (element: HTMLElement) => void}} options `rows` makes it a textarea
 */
export function field({ state, t }, { form, name, label, type, test, autocomplete, inputmode, hint, value, optional = false, maxlength, rows, capitals = false, mounted }) {
  const error = state.forms[form]?.errors[name];
  const id = `${form}-${name}`;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return h('div', { class: 'field', key: name },
    h('label', { for: id }, label, optional && h('span', { class: 'optional' }, ` (${t('optional')})`)),
    hint && h('p', { class: 'hint', id: `${id}-hint`, key: 'hint' }, hint),
    h(rows ? 'textarea' : 'input', {
      id, name, type: rows ? undefined : type, rows, autocomplete, inputmode, value, maxlength, 'data-test': test, required: !optional,
      autocapitalize: capitals ? 'words' : 'none', spellcheck: 'false', mounted, 'aria-invalid': error && 'true', 'aria-describedby': described || undefined,
    }),
    error && h('p', { class: 'field-error', id: `${id}-error`, key: 'error' }, t(error)));
}

/**
 * Errors said once more, at the top of their form.
 * @param {View} view
 * @param {string} form
 */
export function errorSummary({ state, t }, form) {
  const errors = Object.entries(state.forms[form]?.errors ?? {});
  if (errors.length === 0) return null;
  return h('div', { class: 'panel panel-error', role: 'alert', tabindex: '-1', key: `errors ${state.forms[form].round}`, 'data-test': `${form}-errors`, mounted: focusSoon },
    errors.map(([name, key]) => h('p', { key: name }, name === 'form' ? t(key) : h('a', {
      href: `#${form}-${name}`,
      onclick: (/** @type {Event} */ event) => {
        // The hash is the page's address here; the link only moves the focus.
        event.preventDefault();
        document.getElementById(`${form}-${name}`)?.focus();
      },
    }, t(key)))));
}

/**
 * CU-9: said on the form and in the waiting room.
 * @param {View} view
 */
export function emergency({ t }) {
  return h('aside', { class: 'emergency', key: 'emergency', 'data-test': 'emergency' },
    h('p', null, h('strong', null, t('emergency.title')), ' ', t('emergency.text')),
    h('a', { class: 'button button-danger', href: 'tel:15', 'data-test': 'call-15' }, icon('phone'), h('span', null, t('emergency.call'))));
}

/**
 * For what appears because of a press: the next key or screen reader word belongs there.
 * @param {HTMLElement} element
 */
export function focusSoon(element) {
  queueMicrotask(() => element.focus());
}

/** @param {{given_name: string, family_name: string}} person */
export function fullName(person) {
  return `${person.given_name} ${person.family_name}`;
}

/** @param {View} view @param {{given_name: string, family_name: string}} practitioner */
export function doctor({ t }, practitioner) {
  // Nothing is left of whoever erased their account.
  return practitioner.family_name ? t('doctor', { name: practitioner.family_name }) : t('person.erased');
}

/** @param {View} view @param {string} text @param {string} [test] */
export function heading(view, text, test) {
  return h('h1', { tabindex: '-1', 'data-test': test }, text);
}

/** @param {{name: string, tone?: string, label: string, test?: string}} options */
export function tag({ name, tone = 'plain', label, test }) {
  return h('span', { class: `tag tag-${tone}`, key: name, 'data-test': test }, label);
}
