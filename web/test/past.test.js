import assert from 'node:assert/strict';
import test from 'node:test';
import { page } from '../js/record/past.js';
import { loadMore, PAST } from '../js/record/requests.js';
import { PeopleActions } from '../js/app/people.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { loadedValue } from '../js/state/people.js';
import { createStore } from '../js/state/store.js';
import { named, names, nodes, textOf, viewOf } from './pages.js';

const PARTS = ['', 'inside', 'life', 'people', 'record'];
const past = (number, change = {}) => ({
  id: `c${number}`, state: 'closed', side: 'patient', requested_at: 1_000_000 - number, ended_at: 1_000_000, closed_at: 1_000_000,
  other: { given_name: 'Camille', family_name: 'Bernard' }, ...change,
});
const shown = (list, more = false, forms = {}) => page(viewOf({ forms, people: { ready: [], broken: false, data: { [PAST]: { phase: 'loaded', value: { list, more }, error: null } } } }, PARTS));

test('each past consultation has who was across, when it was asked for, how it went, and its record', () => {
  const drawn = shown([past(1), past(2, { side: 'practitioner', state: 'ended', other: { given_name: 'Lou', family_name: 'Petit' } })]);
  const [first, second] = named(drawn, 'past-consultation');
  assert.match(textOf(first), /^Dr Bernard/);
  assert.match(textOf(second), /^Lou Petit/);
  assert.deepEqual(named(drawn, 'past-state').map(textOf), ['Fermée', 'Terminée']);
  assert.deepEqual(named(drawn, 'see-record').map(({ props }) => props.href), ['#/record/c1', '#/record/c2']);
});

test('a party whose name is gone, or whom there never was, is said in words', () => {
  const drawn = shown([past(1, { other: null, state: 'cancelled' }), past(2, { other: null, side: 'practitioner' })]);
  assert.deepEqual(named(drawn, 'past-consultation').map((item) => textOf(nodes(item).find(({ props }) => props.class === 'row-title'))),
    ['Sans médecin, ou médecin dont le compte est effacé', 'Patient dont le compte est effacé']);
});

test('an empty list says so, and offers no more', () => {
  assert.deepEqual(names(shown([])), ['past', 'back', 'past-none']);
  assert.equal(names(shown([past(1)])).includes('past-more'), false);
  assert.equal(names(shown([past(1)], true)).includes('past-more'), true);
});

/** Actions over a real store, with a server that answers what `answers` says. */
function people(answers, list) {
  const store = createStore(reduce, { ...INITIAL, people: { ...INITIAL.people, data: { [PAST]: { phase: 'loaded', value: { list, more: true }, error: null } } } });
  const asked = [];
  globalThis.fetch = async (path) => {
    asked.push(path);
    const answer = answers.shift();
    return new Response(JSON.stringify(answer), { status: answer.code ? 503 : 200, headers: { 'Content-Type': 'application/json' } });
  };
  return { store, asked, act: { people: new PeopleActions({ store, account: {}, go: () => {} }) } };
}

test('"show more" adds the next page once, also those of the same millisecond', async (t) => {
  const { fetch } = globalThis;
  t.after(() => { globalThis.fetch = fetch; });
  const { store, asked, act } = people([{ consultations: [past(2), past(3), past(4)] }], [past(1), past(2)]);
  await loadMore(act, store.get());
  assert.deepEqual(asked, ['/v1/consultations?before=999998&before_id=c2']);
  const { list, more } = loadedValue(store.get(), PAST);
  assert.deepEqual([list.map(({ id }) => id), more], [['c1', 'c2', 'c3', 'c4'], false]);
});

test('when more cannot be loaded, what is there stays and the error is said', async (t) => {
  const { fetch } = globalThis;
  t.after(() => { globalThis.fetch = fetch; });
  const { store, act } = people([{ code: 'unavailable' }], [past(1)]);
  await loadMore(act, store.get());
  assert.equal(loadedValue(store.get(), PAST).list.length, 1);
  assert.deepEqual(store.get().forms.past.errors, { form: 'error.unavailable' });
  assert.match(textOf(shown([past(1)], true, store.get().forms)), /ne peut pas enregistrer/);
});
