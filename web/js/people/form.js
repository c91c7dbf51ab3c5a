// Forms: what is typed stays in the DOM, errors and "busy" are in the state, under the form's name.
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { errorSummary, field } from '../ui/parts.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('../ui/dom.js').Child} Child */
/** @typedef {import('../app/people.js').Values} Values */

/**
 * @param {View} view
 * @param {{name: string, submit: string, send: (values: Values) => void, look?: 'primary' | 'plain' | 'danger', card?: boolean, large?: boolean}} options
 *   `send` gets the trimmed text of every field by its name, passwords as they are
 * @param {import('../ui/dom.js').Child[]} children
 */
export function form(view, { name, submit, send, look = 'primary', card = false, large = true }, children) {
  const busy = view.state.forms[name]?.busy ?? false;
  return h('form', { class: `form${card ? ' card' : ''}`, key: `form ${name}`, novalidate: true, 'data-test': `${name}-form`, onsubmit: (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!busy) send(formValues(/** @type {HTMLFormElement} */ (event.target)));
  } },
    errorSummary(view, name),
    h('div', { class: 'fields' }, ...children),
    h('button', { class: `button button-${look}${large ? ' button-large' : ''}`, key: 'submit', type: 'submit', 'data-test': `${name}-submit`, 'aria-busy': busy && 'true', 'aria-disabled': busy && 'true' },
      h('span', null, submit)));
}

/** @param {HTMLFormElement} element @returns {Values} */
export function formValues(element) {
  const passwords = new Set([...element.querySelectorAll('[autocomplete$="password"]')].map((input) => input.getAttribute('name')));
  return Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, passwords.has(name) ? String(value) : String(value).trim()]));
}

/**
 * A field whose `data-test` is made from its form and name.
 * @param {View} view @param {string} form
 * @param {Omit<Parameters<typeof field>[1], 'form' | 'test' | 'type'> & {type?: string}} options
 */
export function textField(view, form, options) {
  return field(view, { type: 'text', ...options, form, test: `${form}-${options.name}` });
}

/**
 * A password that can be shown, so that nobody has to write it twice.
 * @param {View} view @param {string} form
 * @param {{name: string, label: string, hint?: string, chosen?: boolean}} options `chosen`: a new one
 */
export function passwordField(view, form, { name, label, hint, chosen = false }) {
  const shown = view.state.open[`show ${form} ${name}`] ?? false;
  return h('div', { class: 'password', key: name },
    textField(view, form, { name, label, hint, type: shown ? 'text' : 'password', autocomplete: chosen ? 'new-password' : 'current-password' }),
    h('button', { type: 'button', class: 'button button-quiet', 'aria-pressed': String(shown), 'data-test': `${form}-${name}-show`,
      onclick: () => view.act.open(`show ${form} ${name}`, !shown) }, view.t('form.show_password')));
}

/**
 * @param {View} view @param {string} form
 * @param {{name: string, legend: string, hint?: string, value?: string, pick?: (value: string) => void,
 *   options: {value: string, label: string, hint?: string}[]}} options `value` is what is chosen at first
 */
export function choices({ state, t }, form, { name, legend, hint, value, pick, options }) {
  const error = state.forms[form]?.errors[name];
  const id = `${form}-${name}`;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return h('fieldset', { class: 'choices', key: name, id, tabindex: '-1', 'aria-describedby': described || undefined },
    h('legend', null, legend),
    hint && h('p', { class: 'hint', id: `${id}-hint`, key: 'hint' }, hint),
    error && h('p', { class: 'field-error', id: `${id}-error`, key: 'error' }, t(error)),
    options.map((option) => h('label', { class: 'choice', key: option.value },
      h('input', { type: 'radio', name, value: option.value, checked: option.value === value, 'data-test': `${id}-${option.value}`, onchange: pick && (() => pick(option.value)) }),
      h('span', null, h('span', { class: 'choice-label' }, option.label), option.hint && h('span', { class: 'hint' }, option.hint)))));
}

/**
 * A box to tick, never ticked beforehand.
 * @param {View} view @param {string} form @param {{name: string, label: Child, hint?: string}} options
 */
export function box({ state, t }, form, { name, label, hint }) {
  const error = state.forms[form]?.errors[name];
  const id = `${form}-${name}`;
  return h('div', { class: 'field', key: name },
    h('label', { class: 'choice' },
      h('input', { id, type: 'checkbox', name, value: 'yes', 'data-test': id, 'aria-invalid': error && 'true', 'aria-describedby': error && `${id}-error` }),
      h('span', null, h('span', { class: 'choice-label' }, label), hint && h('span', { class: 'hint' }, hint))),
    error && h('p', { class: 'field-error', id: `${id}-error`, key: 'error' }, t(error)));
}

/** @param {View} view @param {string} [href] */
export function backLink({ t }, href = '#/account') {
  return h('a', { class: 'back', href, key: 'back', 'data-test': 'back' }, icon('back'), t('back'));
}
