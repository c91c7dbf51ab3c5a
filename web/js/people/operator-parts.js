// What the operator's pages share: the way between them, and a decision with its ground.
import { wantedPage } from '../state/pages.js';
import { h } from '../ui/dom.js';
import { button, focusSoon, heading } from '../ui/parts.js';
import { form, textField } from './form.js';

/** @typedef {import('../ui/view.js').View} View */

const PAGES = ['operator', 'operator-accounts', 'operator-audit'];
const GROUND_CHARACTERS = 200;

/** @param {View} view @param {string} title @param {import('../ui/dom.js').Child[]} content */
export function operatorFrame(view, title, content) {
  const { state, t } = view;
  const shown = wantedPage(state);
  return h('div', { class: 'column operator' },
    h('nav', { class: 'tabs', 'aria-label': t('operator.nav') }, PAGES.map((page) => h('a', {
      key: page, href: `#/${page.replace('-', '/')}`, 'aria-current': shown === page && 'page', 'data-test': `nav-${page}`,
    }, t(`operator.nav.${page}`)))),
    heading(view, title),
    ...content);
}

/**
 * @param {string} ground
 * @returns {string | false} the key of what is wrong with it
 */
export function groundError(ground) {
  if (ground === '') return 'operator.ground_needed';
  return [...ground].length > GROUND_CHARACTERS && 'operator.ground_too_long';
}

/**
 * A question that says what follows from it, with the fields it needs; nothing is done before it is confirmed.
 * @param {View} view
 * @param {{name: string, question: string, effect: string, yes: string, look?: 'primary' | 'danger', ground?: boolean,
 *   send: (values: import('../app/people.js').Values) => void, close: () => void}} options `name` is the form's
 * @param {import('../ui/dom.js').Single[]} [fields]
 */
export function decision(view, { name, question, effect, yes, look = 'primary', ground = true, send, close }, fields = []) {
  const { t } = view;
  return h('div', { class: 'question decision', key: name, role: 'group', 'aria-labelledby': `${name}-question`, 'data-test': 'decision',
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') close(); } },
    h('p', { id: `${name}-question`, class: 'question-title', tabindex: '-1', mounted: focusSoon }, question),
    h('p', null, effect),
    form(view, { name, submit: yes, look, large: false, send }, [
      ...fields, ground && textField(view, name, { name: 'ground', label: t('operator.ground'), hint: t('operator.ground_hint'), autocomplete: 'off' }),
    ]),
    button({ test: 'decision-keep', look: 'plain', label: t('operator.keep'), press: close }));
}
