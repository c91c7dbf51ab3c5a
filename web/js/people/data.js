// CU-3, CU-11: what was agreed to and when, and everything that is held, to take away.
import { h } from '../ui/dom.js';
import { heading } from '../ui/parts.js';
import * as api from './api.js';
import { backLink } from './form.js';
import { whenLoaded } from './loading.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').Given} Given */

const KEY = 'consents';

/** @param {View} view */
export function enter({ act }) {
  act.people.load(KEY, api.consents.all);
}

/** @param {View} view */
export function page(view) {
  const { t } = view;
  return h('div', { class: 'column' },
    backLink(view),
    heading(view, t('account.part.data')),
    h('section', { class: 'section', 'aria-labelledby': 'given-title', key: 'given' },
      h('h2', { id: 'given-title' }, t('consents.title')),
      whenLoaded(view, KEY, () => enter(view), ({ given }) => given.length === 0 ? h('p', { class: 'empty', key: 'none' }, t('consents.none'))
        : h('ul', { class: 'list', key: 'list', 'data-test': 'consents' }, newestFirst(given).map((one) => consent(view, one))))),
    h('section', { class: 'section', 'aria-labelledby': 'export-title', key: 'export' },
      h('h2', { id: 'export-title' }, t('export.title')),
      h('p', null, t('export.lead')),
      h('p', null, h('a', { class: 'button button-primary', href: api.account.exportPath, download: true, 'data-test': 'export' }, h('span', null, t('export.download'))))));
}

/** @param {Given[]} given */
function newestFirst(given) {
  return [...given].sort((a, b) => b.given_at - a.given_at);
}

/** @param {View} view @param {Given} given */
function consent({ t, words }, { document, version, language, sha256, given_at, by, url }) {
  return h('li', { class: 'card row', key: `${sha256} ${given_at}`, 'data-test': 'consent-given', 'data-document': document },
    h('div', { class: 'row-text' },
      h('p', { class: 'row-title' }, t(`document.${document}`)),
      h('p', { class: 'muted' }, t('consents.given', { version, date: words.date(given_at) }), ' ', by !== 'self' && t(`consents.by.${by}`)),
      h('details', { class: 'muted proof' }, h('summary', null, t('consents.proof')), h('p', null, t('consents.proof_lead')), h('code', null, sha256))),
    h('a', { class: 'button button-plain', href: url, download: `mqm-${document}-${version}-${language}.txt`, 'data-test': 'consent-download' },
      h('span', null, t('texts.download'), h('span', { class: 'unseen' }, ` (${t(`document.${document}`)}, ${version})`))));
}
