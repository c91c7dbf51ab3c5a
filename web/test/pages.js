// Pages as values: what a page is made of, without a browser.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { INITIAL } from '../js/state/root.js';
import { createTranslator } from '../js/ui/i18n.js';

const I18N = join(dirname(fileURLToPath(import.meta.url)), '../i18n');

/** The words of some parts in French; '' is the first one. */
export function wordsOf(...parts) {
  return Object.assign({}, ...parts.map((part) => JSON.parse(readFileSync(join(I18N, part ? `${part}.fr.json` : 'fr.json'), 'utf8'))));
}

/**
 * What views get; every action is recorded in `done` as [name, ...arguments].
 * @param {object} change of the state @param {string[]} [parts] of the words
 */
export function viewOf(change = {}, parts = ['', 'inside', 'life', 'people', 'family', 'operator']) {
  const done = [];
  const group = (name) => new Proxy({}, { get: (_, member) => (...given) => { done.push([`${name}.${String(member)}`, ...given]); return Promise.resolve(); } });
  const act = {
    people: group('people'), account: group('account'), requests: group('requests'), room: group('room'), check: group('check'),
    open: (...given) => done.push(['open', ...given]), openOnly: (...given) => done.push(['openOnly', ...given]),
  };
  const words = createTranslator(wordsOf(...parts), 'fr');
  return { state: { ...INITIAL, ...change }, words, t: words.t, act, done };
}

/** Every node of a page, in reading order. */
export function nodes(page) {
  if (Array.isArray(page)) return page.flatMap(nodes);
  if (!page || typeof page !== 'object') return [];
  return [page, ...page.children.flatMap(({ node }) => nodes(node))];
}

/** The nodes that tests call by this name. */
export function named(page, name) {
  return nodes(page).filter(({ props }) => props['data-test'] === name);
}

export function names(page) {
  return nodes(page).map(({ props }) => props['data-test']).filter(Boolean);
}

export function textOf(page) {
  if (typeof page === 'string') return page;
  if (Array.isArray(page)) return page.map(textOf).join('');
  return page?.children?.map(({ node }) => textOf(node)).join('') ?? '';
}
