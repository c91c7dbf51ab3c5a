// How to reach the technical support, and what not to send there (CU-4.3).
import { h } from '../ui/dom.js';
import { emergency, heading } from '../ui/parts.js';

/** @param {import('../ui/view.js').View} view */
export function page(view) {
  const { t } = view;
  const address = t('support.address');
  return h('div', { class: 'column' },
    heading(view, t('support.title')),
    h('p', { class: 'lead' }, t('support.lead')),
    h('p', { class: 'panel panel-warn', 'data-test': 'support-warning' }, h('strong', null, t('support.warning')), ' ', t('support.warning_why')),
    h('section', { class: 'section', 'aria-labelledby': 'support-write' },
      h('h2', { id: 'support-write' }, t('support.write')),
      h('p', null, t('support.write_how')),
      h('p', null, h('a', { class: 'button button-primary', href: `mailto:${address}?subject=${encodeURIComponent(t('support.subject'))}`, 'data-test': 'support-mail' }, h('span', null, address)))),
    h('section', { class: 'section', 'aria-labelledby': 'support-first' },
      h('h2', { id: 'support-first' }, t('support.first')),
      h('ul', { class: 'bullets' }, ['browser', 'camera', 'mail', 'password'].map((name) => h('li', { key: name }, t(`support.first_${name}`))))),
    emergency(view));
}
