// The terms and the text on personal data, in the version that counts now; for everybody.
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import * as api from './api.js';
import { whenLoaded } from './loading.js';
import { prose } from './prose.js';

/** @typedef {import('../ui/view.js').View} View */

/** @param {View} view */
export function enter({ state, act }) {
  const document = chosen(state);
  act.people.load(keyOf(state), async () => {
    const ref = (await api.texts.current()).find((text) => text.document === document && text.language === state.language);
    return ref && { ref, text: await api.texts.read(ref.url) };
  });
}

/** @param {View} view */
export function page(view) {
  const { state, t, words } = view;
  return h('div', { class: 'column' },
    h('a', { class: 'back', href: '#/', 'data-test': 'back' }, icon('back'), t('back')),
    whenLoaded(view, keyOf(state), () => enter(view), ({ ref, text }) => [
      h('article', { key: ref.sha256, class: 'prose', 'data-test': 'text', 'data-document': ref.document }, prose(text, 1)),
      h('p', { key: 'version', class: 'muted', 'data-test': 'text-version' }, t('texts.version', { version: ref.version, date: words.date(ref.published_at) }), ' ',
        h('a', { href: ref.url, download: `mqm-${ref.document}-${ref.version}-${ref.language}.txt`, 'data-test': 'text-download' }, t('texts.download'))),
    ]));
}

/** @param {View['state']} state */
function chosen({ route }) {
  return ('parameter' in route && route.parameter) || 'terms';
}

/** @param {View['state']} state */
function keyOf(state) {
  return `text ${chosen(state)} ${state.language}`;
}
