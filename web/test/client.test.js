import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { example } from './examples.js';
import { FakeSocket, greeted } from './fake-socket.js';

test('says hello first, with the subprotocol and without a token', (t) => {
  const { socket, heard } = greeted(t);
  assert.equal(socket().subprotocol, 'mqm.v1');
  assert.deepEqual(socket().sent[0], { id: 1, type: 'hello', body: { client: 'mqm-web/1' } });
  assert.deepEqual(heard.phases, [['connecting', undefined], ['online', undefined]]);
  assert.deepEqual(heard.hellos, [example('hello.reply').message.body]);
});

test('a reply answers its own request', async (t) => {
  const { client, socket } = greeted(t);
  const leave = client.request('room.leave', { room: 'r' });
  const ping = client.request('ping');
  socket().reply('ping', { ok: true, body: { pong: 1 } });
  socket().reply('room.leave', { ok: true, body: {} });
  assert.deepEqual(await ping, { pong: 1 });
  assert.deepEqual(await leave, {});
});

test('a refusal has its code and details', async (t) => {
  const { client, socket } = greeted(t);
  const claim = client.request('request.claim', { consultation: 'c' });
  socket().reply('request.claim', { ok: false, error: example('error').message.error });
  await assert.rejects(claim, { code: 'already_claimed', details: { by: 'Luc Bernard' } });
});

test('a mutation without an answer is sent again with the same key, others are refused', async (t) => {
  const { client, socket } = greeted(t);
  const claim = client.request('request.claim', { consultation: 'c' });
  const leave = assert.rejects(client.request('room.leave', { room: 'r' }), { code: 'connection_lost' });
  const { key } = socket().sent.at(-2);
  socket().onclose({ code: 4000, reason: '' });
  await leave;
  client.wake();
  socket().greet();
  const again = socket().sent.filter(({ type }) => type === 'request.claim');
  assert.deepEqual(again.map((message) => message.key), [key]);
  socket().reply('request.claim', { ok: true, body: { done: true } });
  assert.deepEqual(await claim, { done: true });
});

test('a mutation made offline is sent once there is a connection', async (t) => {
  const { client, socket } = greeted(t);
  socket().onclose({ code: 1006, reason: '' });
  const cancel = client.request('request.cancel', { consultation: 'c' });
  client.wake();
  socket().greet();
  assert.equal(socket().sent.filter(({ type }) => type === 'request.cancel').length, 1);
  socket().reply('request.cancel', { ok: true, body: {} });
  await cancel;
});

test('does not come back after 42xx', async (t) => {
  const { client, socket, heard } = greeted(t);
  socket().onclose({ code: 4200, reason: '{"code":"signed_out"}' });
  await turn();
  client.wake();
  assert.equal(FakeSocket.all.length, 1);
  assert.deepEqual(heard.phases.at(-1), ['over', 'signed_out']);
});

test('a gap in seq ends the connection rather than living with a hole', (t) => {
  const { socket, heard } = greeted(t);
  socket().say({ seq: 1, type: 'availability', body: { available: 1 } });
  const first = socket();
  socket().say({ seq: 3, type: 'availability', body: { available: 3 } });
  assert.deepEqual(heard.events.map(({ seq }) => seq), [1]);
  assert.equal(first.closed, 4000);
  assert.equal(heard.phases.at(-1)[0], 'lost');
});

test('a late word of an old socket changes nothing', (t) => {
  const { client, socket, heard } = greeted(t);
  const { onmessage } = socket();
  socket().onclose({ code: 1006, reason: '' });
  client.wake();
  onmessage({ data: JSON.stringify({ seq: 1, type: 'availability', body: {} }) });
  assert.deepEqual(heard.events, []);
});

test('an error of a signal is told', (t) => {
  const { socket, heard } = greeted(t);
  socket().say(example('error.persons_rule').message);
  assert.deepEqual(heard.errors, ['persons_rule']);
});
