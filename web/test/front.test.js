// What holds for the files of the front as a whole.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { example } from './examples.js';

const WEB = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path) => readFileSync(join(WEB, path), 'utf8');
const list = (folder) => readdirSync(join(WEB, folder), { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? list(join(folder, entry.name)) : [join(folder, entry.name)]));
const code = list('js').filter((path) => path.endsWith('.js'));

/** The parts of the words: '' for the first load, 'inside', 'people'… */
const parts = readdirSync(join(WEB, 'i18n')).filter((name) => /(^|\.)fr\.json$/.test(name)).map((name) => name.replace(/\.?fr\.json$/, ''));
const words = (language, ...of) => Object.assign({}, ...(of.length > 0 ? of : parts).map((part) => JSON.parse(read(`i18n/${part && `${part}.`}${language}.json`))));

test('French and English have the same keys, and no text is empty', () => {
  for (const part of parts) assert.deepEqual(Object.keys(words('en', part)).sort(), Object.keys(words('fr', part)).sort(), part);
  assert.equal(readdirSync(join(WEB, 'i18n')).length, parts.length * 2);
  for (const language of ['fr', 'en']) for (const [key, text] of Object.entries(words(language))) assert.notEqual(text.trim(), '', key);
});

test('no part says again what is in the first one, which is always there', () => {
  const first = words('fr', '');
  for (const part of parts.filter(Boolean)) for (const key of Object.keys(words('fr', part))) assert.equal(key in first, false, `${part} ${key}`);
});

test('no two parts say the same thing differently', () => {
  const said = new Map();
  for (const part of parts) {
    for (const [key, text] of Object.entries(words('fr', part))) {
      assert.equal(said.get(key) ?? text, text, `${part} ${key}`);
      said.set(key, text);
    }
  }
});

test('French signs that follow a space are never the first of a line', () => {
  for (const [key, text] of Object.entries(words('fr'))) assert.doesNotMatch(text, / [:;?!»]|« /, key);
});

test('French and English fill in the same values', () => {
  const values = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, text] of Object.entries(words('fr'))) assert.deepEqual(values(words('en')[key]), values(text), key);
});

test('every text that the code names is there, and the first load needs no words but its own', () => {
  for (const path of code) {
    const keys = Object.keys(firstModules().includes(path) ? words('fr', '') : words('fr'));
    for (const [, key] of read(path).matchAll(/\bt\('([^']+)'/g)) {
      assert.ok(keys.includes(key) || keys.includes(`${key}.other`), `${path} says ${key}`);
    }
  }
});

test('every end reason, payment, state and error of the protocol that a person may meet has its words', () => {
  const defs = JSON.parse(readFileSync(join(WEB, '../docs/protocol/schemas/common.json'), 'utf8')).$defs;
  const fr = words('fr');
  for (const reason of defs.EndReason.enum) assert.ok(fr[`end_reason.${reason}`], reason);
  for (const payment of defs.Payment.enum) assert.ok(fr[`payment.${payment}`] && fr[`payment.${payment}.hint`] && fr[`payment.short.${payment}`], payment);
  for (const state of defs.State.enum) assert.ok(fr[`state.${state}`] && fr[`desk.state.${state}`], state);
  for (const why of ['ended', 'cancelled', 'not_admitted']) assert.ok(fr[`over.${why}`] && fr[`over.${why}.lead`], why);
  for (const why of ['released', 'reassigned']) assert.ok(fr[`over.${why}`] && fr[`left.${why}`], why);
  for (const why of ['confirmed', 'practitioner', 'retention', 'account']) assert.ok(fr[`closed.${why}`], why);
  for (const role of defs.Person.properties.role.enum) assert.ok(fr[`role.${role}`], role);
  assert.ok(fr[`error.${example('error').message.error.code}`]);
});

/** The modules that main.js needs before the first picture. */
function firstModules() {
  const seen = new Set();
  const follow = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, target] of read(path).matchAll(/^(?:import|export) .*?from '(\.[^']+)';$/gm)) follow(join(dirname(path), target));
  };
  follow('js/main.js');
  return [...seen];
}

test('the first load is under 150 KB: the page, its styles, its modules and one language', () => {
  const size = [...firstModules(), ...list('css').filter((path) => read('index.html').includes(`"/${path}"`)), 'index.html', 'i18n/fr.json', 'icon.svg'].reduce((sum, path) => sum + statSync(join(WEB, path)).size, 0);
  assert.ok(size < 150_000, `${size} bytes`);
});

test('the page asks for all of its first modules at once, rather than one import after the other', () => {
  const preloaded = [...read('index.html').matchAll(/rel="modulepreload" href="\/([^"]+)"/g)].map(([, path]) => path);
  assert.deepEqual(preloaded.sort(), firstModules().filter((path) => path !== 'js/main.js').sort());
});

test('a strict content security policy is enough: no inline script, style or handler', () => {
  const page = read('index.html');
  assert.doesNotMatch(page, /<style|style=|\son\w+=|<script(?![^>]*\bsrc=)/i);
  for (const path of code) assert.doesNotMatch(read(path), /innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\('style'/, path);
});

test('only choices of this browser are stored, and nothing is written to the console', () => {
  for (const path of code) {
    const text = read(path);
    assert.doesNotMatch(text, /console\.|sessionStorage|indexedDB|document\.cookie/, path);
    for (const [, key] of text.matchAll(/localStorage\.\w+\(([A-Z_a-z'.]+)/g)) assert.match(key, /^(LANGUAGE|MUTED)$/, path);
  }
});

test('files stay small', () => {
  for (const path of [...code, ...list('css'), ...list('test')]) assert.ok(read(path).split('\n').length <= 300, path);
});
