// The bundle: one sentence that says what it proves, the file itself, and how anybody checks it.
import * as api from '../people/api.js';
import { whenLoaded } from '../people/loading.js';
import { h } from '../ui/dom.js';
import { button } from '../ui/parts.js';
import { loadKey, PROOF_KEY } from './requests.js';

/** @typedef {import('../ui/view.js').View} View */

/**
 * First what one came for; how it is checked is for whoever gets the file.
 * @param {View} view @param {string} consultation
 */
export function proof({ t }, consultation) {
  return h('section', { class: 'section', 'aria-labelledby': 'proof-title', key: 'proof' },
    h('h2', { id: 'proof-title' }, t('record.proof')),
    h('p', { 'data-test': 'proof-lead' }, t('record.proof.lead')),
    h('div', { class: 'buttons on-screen' },
      h('a', { class: 'button button-primary', href: api.record.bundlePath(consultation), download: true, 'data-test': 'bundle' }, h('span', null, t('record.proof.download'))),
      button({ test: 'print', label: t('record.print'), press: () => print() })));
}

/** @param {View} view @param {string} consultation */
export function checking(view, consultation) {
  const { t } = view;
  return h('section', { class: 'section', 'aria-labelledby': 'checking-title', key: 'checking' },
    h('h2', { id: 'checking-title' }, t('record.checking')),
    h('p', null, t('record.checking.lead')),
    whenLoaded(view, PROOF_KEY, () => loadKey(view.act), (/** @type {import('./types.js').RecordKey} */ { public_key, fingerprint }) => [
      h('p', { key: 'command' }, h('code', { class: 'command', 'data-test': 'proof-command' }, `mqm-broker record verify-bundle mqm-consultation-${consultation}.json --key ${public_key}`)),
      h('dl', { class: 'facts', key: 'key' },
        h('div', { key: 'public' }, h('dt', null, t('record.checking.public_key')), h('dd', null, h('code', { class: 'command', 'data-test': 'public-key' }, public_key))),
        fingerprint && h('div', { key: 'fingerprint' }, h('dt', null, t('record.checking.fingerprint')), h('dd', null, h('code', { class: 'command', 'data-test': 'key-fingerprint' }, fours(fingerprint))))),
    ]));
}

/**
 * In groups of four, to be compared aloud.
 * @param {string} digits
 */
export function fours(digits) {
  return digits.match(/.{1,4}/g)?.join(' ') ?? digits;
}
