import assert from 'node:assert/strict';
import test from 'node:test';
import { onDesk, pageOf, wantedPage } from '../js/state/pages.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { badge, callState, cards, myConsultations } from '../js/state/select.js';
import { createStore } from '../js/state/store.js';
import { isAway } from '../js/ui/call.js';
import { example } from './examples.js';

/** Server events as the page gets them, from the golden examples. */
const event = (name) => {
  const { type, room, body } = example(name).message;
  return { type: `server.${type}`, room, body };
};
const hello = (name) => ({ type: 'server.hello', body: example(name).message.body, now: 0 });
const run = (...actions) => actions.reduce(reduce, INITIAL);
const ROOM = example('room').message.room;
const prepare = { type: 'room.prepare', id: ROOM, as: 'patient' };
const seated = { type: 'room.seated', room: ROOM, seated: example('room.join.reply').message.body };

test('a snapshot forgets what was there, a delta does not', () => {
  const first = run(event('consultations.snapshot'));
  assert.equal(Object.keys(first.consultations.byId).length, 2);
  const second = reduce(first, event('consultations.delta'));
  assert.deepEqual(Object.values(second.consultations.byId).map(({ state }) => state), ['claimed']);
  const third = reduce(second, { ...event('consultations.snapshot'), body: { kind: 'snapshot', items: [] } });
  assert.deepEqual(third.consultations.byId, {});
});

test('the first queue does not ring, what comes after does, until it is seen or gone', () => {
  const first = run(event('queue.snapshot'));
  assert.deepEqual(first.queue.unseen, []);
  const second = reduce(first, event('queue.delta'));
  const fresh = example('queue.delta').message.body.upsert[0].id;
  assert.deepEqual(second.queue.unseen, [fresh]);
  assert.deepEqual(reduce(second, { type: 'queue.seen' }).queue.unseen, []);
  const gone = { type: 'server.queue', body: { kind: 'delta', upsert: [], remove: [{ id: fresh, why: 'claimed' }] } };
  assert.deepEqual(reduce(second, gone).queue.unseen, []);
});

test('a request that was there before a reconnect does not ring again', () => {
  const state = run(event('queue.snapshot'), event('queue.snapshot'));
  assert.deepEqual(state.queue.unseen, []);
});

test('the card that waits longest comes first', () => {
  const [a, b] = example('queue.snapshot').message.body.items;
  const state = run({ type: 'server.queue', body: { kind: 'snapshot', items: [{ ...a, requested_at: 9 }, { ...b, requested_at: 4 }] } });
  assert.deepEqual(cards(state).map(({ id }) => id), [b.id, a.id]);
});

test('the badge counts only while available', () => {
  const state = run(hello('hello.reply.practitioner'), event('queue.snapshot'));
  assert.equal(badge(state), 0);
  assert.equal(badge(reduce(state, event('presence'))), 2);
});

test('a room goes from preparing to seated, follows its snapshots and closes', () => {
  const joined = run({ type: 'session.signed_in', account: null }, prepare, seated);
  assert.equal(joined.room.phase, 'seated');
  assert.equal(callState(joined), 'connecting');
  assert.equal(callState(reduce(joined, { type: 'remote.changed', seat: 'practitioner', change: { connection: 'connected' } })), 'connected');
  const ended = reduce(joined, event('room.closed'));
  assert.deepEqual([ended.room.phase, ended.room.closed, ended.room.snapshot], ['closed', { why: 'ended', reason: 'completed' }, null]);
  assert.equal(reduce(joined, event('room.closed.taken_over')).room.phase, 'taken_over');
});

test('a seat that was lost with the connection changes nothing that is seen', () => {
  const joined = run(prepare, seated);
  const lost = { ...event('room.closed.connection_lost'), room: ROOM };
  assert.equal(reduce(joined, lost).room, joined.room);
});

test('who is expected back keeps their name, and nobody is remembered after the room', () => {
  const joined = run(prepare, seated);
  const names = joined.room.known.practitioner;
  assert.equal(names.length, 1);
  const body = structuredClone(joined.room.snapshot);
  Object.assign(body.seats.find(({ seat }) => seat === 'practitioner'), { present: false, persons: [] });
  const away = reduce(joined, { type: 'server.room', room: ROOM, body });
  assert.deepEqual(away.room.known.practitioner, names);
  assert.deepEqual([isAway(body, 'practitioner'), isAway(joined.room.snapshot, 'practitioner'), isAway({ ...body, peers: [] }, 'practitioner')], [true, false, false]);
  assert.deepEqual(reduce(away, { type: 'room.left', room: ROOM }).room.known, {});
});

test('of a new session nothing of the one before stays that no snapshot replaces', () => {
  const before = run(hello('hello.reply.practitioner'), event('queue.snapshot'), { type: 'server.availability', body: { available: 2 } }, event('maintenance'));
  const patient = reduce(before, hello('hello.reply'));
  assert.deepEqual([patient.queue, patient.maintenance, patient.available], [INITIAL.queue, null, 2]);
  const operator = reduce(before, { ...hello('hello.reply'), body: { ...hello('hello.reply').body, patients: [] } });
  assert.equal(operator.available, null);
});

test('a session that goes on keeps all, and takes note of the time', () => {
  const before = run(hello('hello.reply.guardian'), event('consultations.snapshot'));
  const after = reduce(before, { type: 'server.resumed', body: example('hello.reply.resumed').message.body, now: example('hello.reply.resumed').message.body.server_time - 5 });
  assert.deepEqual([after.session.patients, after.session.skew, after.consultations], [before.session.patients, 5, before.consultations]);
});

test('events of another room change nothing', () => {
  const joined = run(prepare, seated);
  assert.equal(reduce(joined, event('room.suspended')).room, joined.room);
});

test('a snapshot that arrives after leaving is not believed', () => {
  const left = run(prepare, seated, { type: 'room.left', room: ROOM });
  assert.equal(reduce(left, event('room')).room.snapshot, null);
});

test('a suspended room says so', () => {
  const other = example('room.suspended').message.room;
  const state = run({ ...prepare, id: other }, { ...seated, room: other }, event('room.suspended'));
  assert.equal(callState(state), 'suspended');
});

test('signing out forgets every person', () => {
  const state = run(hello('hello.reply.guardian'), event('consultations.snapshot'), event('queue.snapshot'), prepare, seated,
    { type: 'draft', draft: { used: 3 } }, { type: 'session.signed_out', why: 'signed_out' });
  assert.equal(JSON.stringify(state).match(/Petit|Durand|Fièvre|example\.org/), null);
  assert.deepEqual([pageOf(state), state.session.ended, state.room], ['sign-in', 'signed_out', null]);
});

test('the page fits the person and the address', () => {
  const patient = run(hello('hello.reply'), event('consultations.snapshot'));
  assert.equal(pageOf(run()), 'loading');
  assert.equal(pageOf(patient), 'home');
  assert.equal(pageOf(reduce(patient, { type: 'route', route: { page: 'ask' } })), 'ask');
  const body = example('hello.reply.practitioner').message.body;
  const as = (change) => run({ type: 'server.hello', now: 0, body: { ...body, ...change } }, event('consultations.snapshot'));
  assert.equal(pageOf(as({})), 'desk');
  assert.equal(wantedPage(as({ practitioner: { ...body.practitioner, verification: 'pending' } })), 'not-verified');
  assert.equal(wantedPage(as({ account: { ...body.account, roles: ['operator'] }, practitioner: null })), 'operator');
  const both = as({ account: { ...body.account, roles: ['practitioner', 'patient'] } });
  assert.deepEqual([onDesk(both), onDesk(reduce(both, { type: 'route', route: { page: 'desk' } }))], [false, true]);
});

test('whoever was signed out comes back to the address that the browser still shows', () => {
  const route = { page: 'consultation', id: ROOM };
  const out = run(hello('hello.reply'), { type: 'route', route }, { type: 'session.signed_out', why: 'not_signed_in' });
  assert.deepEqual(out.route, route);
});

test('a list that is not there yet is not an empty one', () => {
  assert.equal(pageOf(run(hello('hello.reply'))), 'loading');
});

test('reconnecting looks like "lost" until it worked', () => {
  const phases = ['online', 'lost', 'connecting', 'online'].map((phase) => ({ type: 'connection', phase }));
  const seen = [];
  phases.reduce((state, action) => { const next = reduce(state, action); seen.push(next.connection.phase); return next; }, INITIAL);
  assert.deepEqual(seen, ['online', 'lost', 'lost', 'online']);
});

test('a practitioner\'s consultations and their own requests are kept apart', () => {
  const state = run(hello('hello.reply.practitioner'), event('consultations.snapshot'));
  assert.deepEqual([myConsultations(state, 'desk').length, myConsultations(state, 'home').length], [1, 1]);
});

test('the same notice is not said twice, and there are three at most', () => {
  const say = (key) => ({ type: 'notice', notice: { tone: 'calm', key, values: {} } });
  assert.deepEqual(run(say('a'), say('b'), say('a')).notices.map(({ key }) => key), ['b', 'a']);
  assert.deepEqual(run(say('a'), say('b'), say('c'), say('d')).notices.map(({ key }) => key), ['b', 'c', 'd']);
});

test('the store tells its listeners once for a batch', async () => {
  const store = createStore(reduce, INITIAL);
  let times = 0;
  store.subscribe(() => { times += 1; });
  store.dispatch({ type: 'now', now: 1 });
  store.dispatch({ type: 'now', now: 2 });
  await Promise.resolve();
  assert.deepEqual([times, store.get().now], [1, 2]);
});
