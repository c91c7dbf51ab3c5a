import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { entryOf, PEOPLE_PAGES } from '../js/people/registry.js';
import { pageOf, wantedPage } from '../js/state/pages.js';
import { loadedValue } from '../js/state/people.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { parseRoute } from '../js/state/route.js';

const TOKEN = 'aB3_-'.repeat(8) + 'xyz';
const run = (...actions) => actions.reduce(reduce, INITIAL);
const at = (hash) => ({ type: 'route', route: parseRoute(hash).route });
const signedIn = (consentsNeeded = [], roles = ['patient']) => ({
  type: 'session.signed_in', account: { id: '1', given_name: 'Julie', family_name: 'Petit', email: 'julie@demo.example', roles }, consentsNeeded,
});
const out = { type: 'session.signed_out' };

test('every address of a page leads to it, and an unknown one home', () => {
  for (const page of Object.keys(PEOPLE_PAGES)) {
    const { path } = entryOf(page);
    if (path !== undefined) assert.deepEqual(parseRoute(`#/${path}`), { route: { page, parameter: null } });
  }
  assert.deepEqual(parseRoute('').route, { page: 'desk' });
  assert.deepEqual(parseRoute('#/ask').route, { page: 'ask' });
  assert.deepEqual(parseRoute('#/consultation/7').route, { page: 'consultation', id: '7' });
  for (const hash of ['#/', '#/nothing', '#/consultation', '#/support/x', '#/accounts']) assert.equal(parseRoute(hash).route.page, 'home', hash);
});

test('CU-4.1: a token is taken from the address, which is shown without it', () => {
  for (const page of ['confirm', 'reset', 'email']) {
    assert.deepEqual(parseRoute(`#/${page}/${TOKEN}`), { route: { page, parameter: TOKEN }, shown: `#/${page}` });
  }
  assert.deepEqual(parseRoute('#/reset/half-a-token'), { route: { page: 'reset', parameter: null }, shown: '#/reset' });
  assert.deepEqual(parseRoute(`#/reset/${TOKEN}/more`), { route: { page: 'reset', parameter: null }, shown: '#/reset' });
});

test('a text is known by its name only', () => {
  assert.deepEqual(parseRoute('#/texts/privacy').route, { page: 'texts', parameter: 'privacy' });
  assert.deepEqual(parseRoute('#/texts/../v1').route, { page: 'texts', parameter: null });
});

test('CU-3, CU-4.3: texts, support and e-mailed links need no sign-in, the account does', () => {
  for (const hash of ['#/texts/terms', '#/support', `#/confirm/${TOKEN}`, `#/reset/${TOKEN}`, `#/email/${TOKEN}`]) {
    assert.equal(wantedPage(run(out, at(hash))), parseRoute(hash).route.page);
    assert.equal(wantedPage(run(signedIn(), at(hash))), parseRoute(hash).route.page);
  }
  for (const hash of ['#/account', '#/account/data', '#/account/erase', '#/']) assert.equal(wantedPage(run(out, at(hash))), 'sign-in', hash);
  assert.equal(wantedPage(run(at('#/account'))), 'loading');
});

test('whoever is signed in is not asked to sign up', () => {
  assert.equal(wantedPage(run(out, at('#/sign-up'))), 'sign-up');
  assert.equal(wantedPage(run(signedIn(['terms']), at('#/sign-up'))), 'consent');
  assert.notEqual(wantedPage(run(signedIn(), at('#/sign-up'))), 'sign-up');
});

test('CU-3: while a text is not agreed to, the consent page is in the place of every page but the texts, the support and erasure', () => {
  const shown = Object.keys(PEOPLE_PAGES).filter((page) => wantedPage(reduce(run(signedIn(['privacy'])), { type: 'route', route: { page, parameter: null } })) === page);
  assert.deepEqual(shown.sort(), ['account-erase', 'confirm', 'consent', 'email', 'reset', 'support', 'texts']);
  for (const hash of ['', '#/', '#/ask', '#/desk', '#/consultation/7']) assert.equal(wantedPage(run(signedIn(['terms']), at(hash))), 'consent');
});

test('CU-3: a new version asks again in an open page, and the agreement gives back what was there', () => {
  const account = run(signedIn(), at('#/account'));
  const asked = reduce(account, { type: 'session.changed', change: { consentsNeeded: ['terms'] } });
  assert.deepEqual([wantedPage(asked), wantedPage(reduce(asked, { type: 'session.changed', change: { consentsNeeded: [] } }))], ['consent', 'account']);
});

test('pages for one role are not for others', () => {
  assert.equal(wantedPage(run(signedIn([], ['patient']), at('#/account/health'))), 'account-health');
  assert.notEqual(wantedPage(run(signedIn([], ['guardian']), at('#/account/health'))), 'account-health');
  assert.notEqual(wantedPage(run(signedIn([], ['patient']), at('#/account/practitioner'))), 'account-practitioner');
});

test('a page is "loading" until its module is there, and a failed one can be tried again', () => {
  const asked = run(out, at('#/support'));
  assert.equal(pageOf(asked), 'loading');
  const broken = reduce(asked, { type: 'people.broken', broken: true });
  assert.equal(broken.people.broken, true);
  assert.equal(reduce(broken, at('#/')).people.broken, false);
  assert.equal(pageOf(reduce(broken, { type: 'people.ready', page: 'support' })), 'support');
});

test('what was loaded stays while it is asked for again, and is forgotten with the person', () => {
  const loaded = run(signedIn(), { type: 'people.loaded', key: 'details', value: { email: 'julie@demo.example' } });
  const again = reduce(loaded, { type: 'people.loading', key: 'details' });
  assert.deepEqual([again.people.data.details.phase, loadedValue(again, 'details').email], ['loading', 'julie@demo.example']);
  const failed = reduce(again, { type: 'people.failed', key: 'details', error: 'error.unavailable' });
  assert.deepEqual([loadedValue(failed, 'details'), failed.people.data.details.error], [null, 'error.unavailable']);
  assert.equal(loadedValue(reduce(loaded, { type: 'people.forget', key: 'details' }), 'details'), null);
  for (const end of [out, signedIn()]) assert.deepEqual(reduce(loaded, end).people.data, {});
});

test('pages that were loaded stay loaded after signing out', () => {
  assert.deepEqual(run({ type: 'people.ready', page: 'texts' }, out).people.ready, ['texts']);
});

test('another page starts without the errors of the one before', () => {
  const failed = run({ type: 'form', name: 'reset', busy: false, errors: { password: 'form.password_short' } }, { type: 'form', name: 'sign-out', busy: true });
  assert.deepEqual(Object.keys(reduce(failed, at('#/')).forms), ['sign-out']);
});

test('errors are counted, so that the same ones are said again', () => {
  const fail = { type: 'form', name: 'reset', busy: false, errors: { password: 'form.password_short' } };
  assert.deepEqual([run(fail).forms.reset.round, run(fail, { ...fail, errors: {} }, fail).forms.reset.round], [1, 2]);
});

test('every page of the registry has its module, words and style', async () => {
  const here = (path) => existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url)));
  for (const page of Object.keys(PEOPLE_PAGES)) {
    const { parts, load } = entryOf(page);
    for (const part of parts) assert.ok(['fr', 'en'].every((language) => here(`i18n/${part}.${language}.json`)) && here(`css/${part}.css`), part);
    assert.equal(typeof (await load()).page, 'function', page);
  }
});
