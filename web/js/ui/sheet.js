// A panel above the controls of a call: takes the focus when it opens, closes with Escape.
import { h } from './dom.js';
import { icon } from './icons.js';
import { focusSoon } from './parts.js';

/**
 * @param {import('./view.js').View} view
 * @param {string} name under which it is open in the state
 * @param {string} title
 * @param {(import('./dom.js').Single | import('./dom.js').Single[])[]} children
 */
export function sheet({ t, act }, name, title, children) {
  const id = `sheet-${name.split(' ')[0]}`;
  const close = () => act.open(name, false);
  return h('section', { class: 'sheet', key: name, 'aria-labelledby': id, 'data-test': id, onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') close(); } },
    h('div', { class: 'sheet-head' },
      h('h2', { id, tabindex: '-1', mounted: focusSoon }, title),
      h('button', { type: 'button', class: 'notice-close', 'aria-label': t('close'), 'data-test': `${id}-close`, onclick: close }, icon('close'))),
    children);
}
