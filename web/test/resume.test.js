// Sessions that outlive their connections: docs/protocol.md section 3.
import assert from 'node:assert/strict';
import test from 'node:test';
import { example } from './examples.js';
import { FakeSocket, greeted } from './fake-socket.js';

const hello = example('hello.reply').message.body;
const resumed = example('hello.reply.resumed').message.body;
const event = (seq) => ({ seq, type: 'availability', body: { available: seq } });
const signal = { room: 'r', to: 'practitioner', kind: 'offer', negotiation: 4, data: { sdp: 'x' } };

/** The connection breaks, and the next one is open. */
function broken({ client, socket }, code = 1006) {
  socket().onclose({ code, reason: '' });
  client.wake();
  return socket();
}

/** Time goes by, for the clock as for the timers. */
function pass(t, milliseconds) {
  for (let left = milliseconds; left > 0; left -= 100) t.mock.timers.tick(Math.min(100, left));
}

test('comes back with its session, its secret and the last event that it has', (t) => {
  const one = greeted(t);
  one.socket().say(event(1));
  one.socket().say(event(2));
  const next = broken(one);
  next.onopen();
  assert.deepEqual(next.sent, [{ id: 2, type: 'hello', body: { client: 'mqm-web/1', resume: { session: hello.session, secret: hello.secret, seq: 2 } } }]);
});

test('a session that goes on gets what was missed, in order, and the secret of next time', (t) => {
  const one = greeted(t);
  one.socket().say(event(1));
  broken(one).greet('hello.reply.resumed', { seq: 1 });
  one.socket().say(event(2));
  one.socket().say(event(3));
  assert.deepEqual(one.heard.events.map(({ seq }) => seq), [1, 2, 3]);
  assert.deepEqual([one.heard.hellos.length, one.heard.resumed.map(({ room }) => room)], [1, [resumed.room]]);
  const next = broken(one);
  next.onopen();
  assert.deepEqual(next.sent[0].body.resume, { session: resumed.session, secret: resumed.secret, seq: 3 });
});

test('a gap in seq comes back for what is missing', (t) => {
  const one = greeted(t);
  one.socket().say(event(1));
  one.socket().say(event(3));
  one.client.wake();
  one.socket().onopen();
  assert.equal(one.socket().sent[0].body.resume.seq, 1);
});

test('another session counts its events from one, and is told as a new one', (t) => {
  const one = greeted(t);
  one.socket().say(event(1));
  broken(one).greet('hello.reply', { session: 'other' });
  one.socket().say(event(1));
  assert.deepEqual([one.heard.hellos.length, one.heard.resumed.length, one.heard.events.length], [2, 0, 2]);
});

test('ids go on, and a late answer to an earlier one does no harm', async (t) => {
  const one = greeted(t);
  const left = assert.rejects(one.client.request('room.leave', { room: 'r' }), { code: 'connection_lost' });
  const early = one.socket().sent.at(-1).id;
  broken(one).greet('hello.reply.resumed', { seq: 0 });
  await left;
  const ping = one.client.request('ping');
  assert.ok(one.socket().sent.at(-1).id > early + 1);
  one.socket().say({ re: early, ok: false, error: { code: 'not_seated', message: '', retry: 'never' } });
  one.socket().say({ re: early, ok: true, body: { of: 'before' } });
  one.socket().reply('ping', { ok: true, body: { of: 'now' } });
  assert.deepEqual(await ping, { of: 'now' });
  assert.deepEqual(one.heard.errors, []);
});

test('a mutation is sent again with its key in a session that goes on', async (t) => {
  const one = greeted(t);
  const claim = one.client.request('request.claim', { consultation: 'c' });
  const first = one.socket().sent.at(-1);
  broken(one).greet('hello.reply.resumed', { seq: 0 });
  const again = one.socket().sent.at(-1);
  assert.deepEqual([again.key, again.id > first.id], [first.key, true]);
  one.socket().reply('request.claim', { ok: true, body: {} });
  await claim;
});

test('signals without an answer, and those made meanwhile, follow in their order where the session goes on', (t) => {
  const one = greeted(t);
  one.client.signal({ ...signal, kind: 'offer' });
  one.client.signal({ ...signal, kind: 'candidate' });
  one.socket().say({ re: one.socket().sent[1].id, ok: true, body: {} });
  one.socket().onclose({ code: 1006, reason: '' });
  one.client.signal({ ...signal, kind: 'end_of_candidates' });
  one.client.wake();
  one.socket().greet('hello.reply.resumed', { seq: 0 });
  assert.deepEqual(one.socket().sent.slice(1).map(({ kind }) => kind), ['candidate', 'end_of_candidates']);
});

test('signals of another session are not sent: the negotiation may be another one', (t) => {
  const one = greeted(t);
  one.client.signal(signal);
  broken(one).greet('hello.reply', { session: 'other' });
  assert.deepEqual(one.socket().sent.map(({ type }) => type), ['hello']);
});

test('a refused signal is told, and not sent again', (t) => {
  const one = greeted(t);
  one.client.signal(signal);
  one.socket().reply('signal', { ok: false, error: { code: 'peer_absent', message: '', retry: 'later' } });
  broken(one).greet('hello.reply.resumed', { seq: 0 });
  assert.deepEqual([one.heard.errors, one.socket().sent.length], [['peer_absent'], 1]);
});

test('closes with 4000 to come back, with 1000 for good, and forgets the session then', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const one = greeted(t);
  const first = one.socket();
  pass(t, 8_000);
  assert.equal(first.closed, 4000);
  pass(t, 1);
  const second = one.socket();
  second.greet('hello.reply.resumed', { seq: 0 });
  one.client.stop();
  assert.equal(second.closed, 1000);
  one.client.start();
  one.socket().onopen();
  assert.equal(one.socket().sent[0].body.resume, undefined);
});

test('a page that is put away ends its session, and begins another when it is looked at again', (t) => {
  const one = greeted(t);
  const first = one.socket();
  one.client.pause();
  assert.equal(first.closed, 1000);
  one.client.wake();
  assert.notEqual(one.socket(), first);
  one.socket().onopen();
  assert.equal(one.socket().sent[0].body.resume, undefined);
  one.client.stop();
  one.client.pause();
  assert.equal(one.client.phase, 'idle');
});

test('a server that asks for a new session gets one', (t) => {
  const one = greeted(t);
  const next = broken(one, 4000);
  next.onopen();
  assert.equal(next.sent[0].body.resume, undefined);
});

test('a server that says when to come back is not hurried', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const one = greeted(t);
  one.socket().onclose({ code: 4100, reason: '{"code":"server_restarting","after_ms":2310}' });
  one.client.wake();
  pass(t, 2_309);
  assert.equal(FakeSocket.all.length, 1);
  pass(t, 1);
  assert.equal(FakeSocket.all.length, 2);
});

test('silence after a question is the end of a connection, sooner than the server gives somebody up', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const one = greeted(t);
  pass(t, 4_000);
  assert.equal(one.socket().sent.at(-1).type, 'ping');
  one.socket().reply('ping', { ok: true, body: {} });
  pass(t, 6_900);
  assert.equal(FakeSocket.all.length, 1);
  pass(t, 200);
  assert.equal(FakeSocket.all.length, 2);
});

test('whoever slept asks at once, and does not wait long for the answer', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const one = greeted(t);
  pass(t, 1_000);
  t.mock.timers.setTime(60_000);
  pass(t, 1_000);
  assert.equal(one.socket().sent.at(-1).type, 'ping');
  pass(t, 1_999);
  assert.equal(FakeSocket.all.length, 1);
  pass(t, 2);
  assert.equal(FakeSocket.all.length, 2);
});

test('an attempt that began in another network is not waited for', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const one = greeted(t);
  broken(one);
  pass(t, 2_000);
  one.client.wake();
  assert.equal(FakeSocket.all.length, 2);
  pass(t, 1_500);
  one.client.wake();
  assert.equal(FakeSocket.all.length, 3);
});
