// Being in a room through broken connections: what happens to seat, media and peer connections.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { RoomActions } from '../js/app/room.js';
import { BrokerError, connectionLost } from '../js/signalling/protocol.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { createStore } from '../js/state/store.js';
import { example } from './examples.js';
import { FakePeerConnection, FakeStream } from './fake-peer-connection.js';

globalThis.MediaStream = FakeStream;
globalThis.navigator ??= {};

const joined = example('room.join.reply').message.body;
const consultation = { ...example('consultations.snapshot').message.body.items[0], id: example('room').message.room, state: 'in_progress' };
const ROOM = consultation.id;
const SEAT = joined.room.peers[0];
const refusal = (code, details = {}) => new BrokerError({ code, message: '', retry: 'never', details });

const settle = async () => { for (let i = 0; i < 6; i += 1) await turn(); };

/** Somebody in their seat, with a peer connection; the test answers for the server. */
async function seated(t) {
  const made = [];
  globalThis.RTCPeerConnection = class extends FakePeerConnection {
    constructor() { super('pc'); made.push(this); }
    async getStats() { return new Map(); }
    getReceivers() { return []; }
  };
  const store = createStore(reduce, INITIAL);
  const sent = [];
  const answers = { 'room.join': () => joined };
  const client = {
    signal: (signal) => sent.push(['signal', signal]),
    request: async (type, body) => {
      sent.push([type, body]);
      const answer = answers[type]?.(body) ?? {};
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const room = new RoomActions({ store, client });
  t.after(() => room.silence());
  const hear = (type, body) => {
    store.dispatch({ type: `server.${type}`, room: ROOM, body });
    room.hear({ type, room: type === 'consultations' ? undefined : ROOM, body });
  };
  hear('consultations', { kind: 'snapshot', items: [consultation] });
  store.dispatch({ type: 'room.prepare', id: ROOM, as: 'patient' });
  await room.join(false);
  await settle();
  const joins = () => sent.filter(([type]) => type === 'room.join').map(([, body]) => body);
  return { store, room, sent, answers, made, hear, joins };
}

test('whoever comes in has no connection to go on with', async (t) => {
  const { joins, made } = await seated(t);
  assert.deepEqual(joins(), [{ room: ROOM, as: 'patient', take_over: false, connected: {} }]);
  assert.equal(made.length, 1);
});

test('a session that goes on with its seat leaves everything as it is', async (t) => {
  const { room, joins, sent, made } = await seated(t);
  const before = sent.length;
  room.resumed(ROOM);
  await turn();
  assert.deepEqual([joins().length, sent.length, made.length, made[0].closed], [1, before, 1, false]);
});

test('a seat that was lost is taken again with the connections that there are, and media run on', async (t) => {
  const { room, joins, made, hear, store } = await seated(t);
  made[0].connectionState = 'connected';
  room.resumed(null);
  hear('room.closed', { why: 'connection_lost' });
  await turn();
  assert.deepEqual(joins()[1], { room: ROOM, as: 'patient', take_over: false, connected: { [SEAT.seat]: SEAT.negotiation } });
  assert.deepEqual([made.length, made[0].closed, made[0].restarts, store.get().room.phase], [1, false, 0, 'seated']);
});

test('in a new session it is the same, and a connection with another number is made anew', async (t) => {
  const { room, answers, joins, made } = await seated(t);
  const other = structuredClone(joined);
  other.room.peers[0].negotiation += 5;
  answers['room.join'] = () => other;
  room.greeted();
  assert.equal(made[0].closed, false);
  await turn();
  assert.deepEqual(joins()[1].connected, { [SEAT.seat]: SEAT.negotiation });
  assert.deepEqual(made.map(({ closed }) => closed), [true, false]);
});

test('a join without an answer is asked again, and who wanted to take over still does', async (t) => {
  const { room, answers, joins, store } = await seated(t);
  store.dispatch({ type: 'room.joining', room: ROOM });
  answers['room.join'] = () => connectionLost();
  await room.join(true);
  room.resumed(null);
  await turn();
  answers['room.join'] = () => joined;
  room.resumed(ROOM);
  await turn();
  assert.deepEqual(joins().map(({ take_over }) => take_over), [false, true, true, true]);
  room.resumed(ROOM);
  await turn();
  assert.equal(joins().length, 4);
});

test('a seat that somebody took from another device meanwhile is asked about, and media stop', async (t) => {
  const { room, answers, made, store } = await seated(t);
  answers['room.join'] = () => refusal('seat_taken', { by: 'you' });
  room.greeted();
  await turn();
  assert.deepEqual([made[0].closed, store.get().room.phase, store.get().room.takenBy], [true, 'seat_taken', 'you']);
});

test('a consultation that ended meanwhile stops everything as soon as the page hears of it', async (t) => {
  const { answers, made, hear, store } = await seated(t);
  answers['room.join'] = () => new Promise(() => {});
  hear('room.closed', { why: 'connection_lost' });
  hear('consultations', { kind: 'delta', upsert: [{ ...consultation, state: 'ended', end_reason: 'completed' }], remove: [] });
  assert.deepEqual([made[0].closed, store.get().room.closed], [true, { why: 'ended', reason: 'completed' }]);
});

test('and so does the refusal of its seat', async (t) => {
  const { room, answers, made, store } = await seated(t);
  answers['room.join'] = () => refusal('consultation_ended');
  room.greeted();
  await turn();
  assert.deepEqual([made[0].closed, store.get().room.phase], [true, 'closed']);
});

test('whoever left without a connection leaves when there is one', async (t) => {
  const { room, answers, sent, store } = await seated(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  answers['room.leave'] = () => connectionLost();
  room.leave();
  await turn();
  assert.deepEqual(store.get().notices.map(({ key }) => key), ['left.untold']);
  room.resumed(ROOM);
  assert.deepEqual(sent.at(-1), ['room.leave', { room: ROOM }]);
});

for (const [how, again] of [['whose seat is only kept by now', (room) => room.resumed(null)], ['who begins a new session', (room) => room.greeted()]]) {
  test(`somebody ${how} leaves when there is a connection again, and says so once`, async (t) => {
    const { room, answers, sent } = await seated(t);
    t.mock.timers.enable({ apis: ['setTimeout'] });
    answers['room.leave'] = () => connectionLost();
    room.leave();
    await turn();
    answers['room.leave'] = () => ({});
    again(room);
    again(room);
    assert.deepEqual(sent.filter(([type]) => type === 'room.leave').length, 2);
  });
}

test('whoever leaves while the seat is being taken again stays out, and says so', async (t) => {
  const { room, answers, sent, store } = await seated(t);
  let answer;
  answers['room.join'] = () => new Promise((resolve) => { answer = resolve; });
  room.greeted();
  room.leave();
  answer(joined);
  await turn();
  assert.deepEqual([store.get().room.phase, sent.at(-1)], ['left', ['room.leave', { room: ROOM }]]);
});

test('when the other side is back, what was signalled to nobody is signalled again', async (t) => {
  const { made, hear, sent } = await seated(t);
  const away = structuredClone(joined.room);
  Object.assign(away.seats.find(({ seat }) => seat === SEAT.seat), { present: false, persons: [] });
  made[0].remoteDescription = { type: 'answer', sdp: '' };
  made[0].signalingState = 'have-local-offer';
  await turn();
  const before = sent.length;
  hear('room', away);
  await turn();
  assert.equal(sent.length, before);
  hear('room', joined.room);
  await settle();
  assert.deepEqual(sent.slice(before).map(([type, { kind }]) => [type, kind]), [['signal', 'offer']]);
});
