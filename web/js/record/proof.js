// The bundle: one sentence that says what it proves, the file itself, and how anybody checks it.
import * as api from '../people/api.js';
import { loadedValue } from '../state/people.js';
import { h } from '../ui/dom.js';
import { PROOF_KEY } from './requests.js';

/** @typedef {import('../ui/view.js').View} View */

/** @param {View} view @param {string} consultation */
export function proof(view, consultation) {
  const { t } = view;
  return h('section', { class: 'section', 'aria-labelledby': 'proof-title', key: 'proof' },
    h('h2', { id: 'proof-title' }, t('record.proof')),
    h('p', { key: 'lead', 'data-test': 'proof-lead' }, t('record.proof.lead')),
    h('p', { key: 'download', class: 'on-screen' },
      h('a', { class: 'button button-primary', href: api.record.bundlePath(consultation), download: true, 'data-test': 'bundle' }, h('span', null, t('record.proof.download')))),
    h('p', { key: 'how' }, t('record.proof.check')),
    check(view, consultation));
}

/** @param {View} view @param {string} consultation */
function check({ state, t }, consultation) {
  /** @type {import('./types.js').RecordKey | null} */
  const key = loadedValue(state, PROOF_KEY);
  if (!key) return null;
  return [
    h('p', { key: 'command' }, h('code', { class: 'command', 'data-test': 'proof-command' }, `mqm-broker record verify-bundle mqm-consultation-${consultation}.json --key ${key.public_key}`)),
    h('dl', { class: 'facts', key: 'key' },
      h('div', { key: 'public' }, h('dt', null, t('record.proof.public_key')), h('dd', null, h('code', { class: 'command', 'data-test': 'public-key' }, key.public_key))),
      key.fingerprint && h('div', { key: 'fingerprint' }, h('dt', null, t('record.proof.fingerprint')), h('dd', null, h('code', { class: 'command', 'data-test': 'key-fingerprint' }, fours(key.fingerprint))))),
  ];
}

/**
 * In groups of four, to be compared aloud.
 * @param {string} digits
 */
export function fours(digits) {
  return digits.match(/.{1,4}/g)?.join(' ') ?? digits;
}
