import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ChatActions, MOST_FILES } from '../js/app/chat.js';
import { Exchange } from '../js/call/exchange.js';
import { CHUNK, MOST_FILE } from '../js/call/frames.js';
import { MOST_ENTRIES, chat, SILENCE } from '../js/state/chat.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { createStore } from '../js/state/store.js';

/** A data channel that is joined to another; bytes arrive after a turn, and what waits is counted. */
class FakeChannel {
  readyState = 'open';
  bufferedAmount = 0;
  most = 0;
  send(data) {
    const copy = typeof data === 'string' ? data : data.slice().buffer;
    this.bufferedAmount += data.length;
    this.most = Math.max(this.most, this.bufferedAmount);
    setImmediate(() => {
      this.other.onmessage?.({ data: copy });
      this.bufferedAmount -= data.length;
      if (this.bufferedAmount <= this.bufferedAmountLowThreshold) this.onbufferedamountlow?.();
    });
  }
}

const settle = async () => { for (let i = 0; i < 400; i += 1) await turn(); };

/** Lets everything go on until it has come to that: digests are made on threads of their own. @param {() => boolean} holds */
const until = async (holds) => {
  const deadline = Date.now() + 10_000;
  while (!holds() && Date.now() < deadline) await turn();
};

/** Two pages, each of which is the only other one for the other. */
function pages() {
  const seats = ['practitioner', 'patient'];
  const channels = seats.map(() => [new FakeChannel(), new FakeChannel()]);
  for (const index of [0, 1]) [channels[0][index].other, channels[1][index].other] = [channels[1][index], channels[0][index]];
  return seats.map((seat, index) => {
    const other = seats[1 - index];
    const store = createStore(reduce, { ...INITIAL });
    const links = new Map();
    const actions = new ChatActions({ store, mesh: () => ({ links }) });
    const exchange = new Exchange({ createDataChannel: (_, { id }) => channels[index][id - 1] }, actions.listener(other));
    links.set(other, { link: { exchange } });
    return { seat, other, store, actions, exchange, channels: channels[index], last: () => store.get().chat.entries.at(-1), phase: () => store.get().chat.entries.at(-1)?.peers[other].phase };
  });
}
const file = (content, name = 'photo.jpg') => new File([content], name, { type: 'image/jpeg' });

test('a text arrives clean, is acknowledged and counted as unread until the panel opens', async () => {
  const [doctor, patient] = pages();
  assert.equal(patient.actions.say('  Bonjour\u202E  '), true);
  assert.equal(patient.phase(), 'sent');
  await settle();
  assert.deepEqual([doctor.last().text, doctor.last().mine, doctor.store.get().chat.unread, patient.phase()], ['Bonjour', false, 1, 'got']);
  doctor.store.dispatch({ type: 'open', name: 'chat', open: true });
  assert.equal(doctor.store.get().chat.unread, 0);
});

test('nothing is said to nobody, and the words stay', () => {
  const [doctor] = pages();
  doctor.exchange.close();
  doctor.actions.draft = 'Bonjour';
  assert.equal(doctor.actions.say('Bonjour'), false);
  assert.deepEqual([doctor.store.get().chat.entries.length, doctor.actions.draft, doctor.store.get().forms.chat.errors.form], [0, 'Bonjour', 'chat.nobody']);
});

test('what is said before the other side can hear it is heard when it can', async () => {
  const [doctor, patient] = pages();
  doctor.channels[0].readyState = 'connecting';
  doctor.actions.say('Bonjour');
  await settle();
  assert.equal(patient.last(), undefined);
  doctor.channels[0].readyState = 'open';
  doctor.channels[0].onopen();
  await settle();
  assert.deepEqual([patient.last().text, doctor.phase()], ['Bonjour', 'got']);
});

test('a file comes when it is accepted, whole and checked, and never fills the line', async () => {
  const [doctor, patient] = pages();
  const content = randomBytes(3_000_000);
  await patient.actions.offer(file(content, '../photo.jpg'));
  await until(() => doctor.last() !== undefined);
  assert.deepEqual([doctor.last().file, doctor.phase(), patient.phase()], [{ name: 'photo.jpg', size: 3_000_000 }, 'offered', 'offered']);
  doctor.actions.accept(doctor.last().id);
  await until(() => patient.phase() === 'done');
  assert.deepEqual([doctor.phase(), patient.phase()], ['done', 'done']);
  const saved = Buffer.from(await (await fetch(doctor.last().url)).arrayBuffer());
  assert.equal(createHash('sha256').update(saved).digest('hex'), createHash('sha256').update(content).digest('hex'));
  assert.ok(patient.channels[1].most <= 256 * 1024 + 2 * CHUNK, `${patient.channels[1].most} bytes waited`);
});

test('a file that is refused, or cancelled by either side, does not come', async () => {
  for (const [who, what, phase] of [['doctor', 'refuse', 'refused'], ['patient', 'cancel', 'cancelled']]) {
    const [doctor, patient] = pages();
    await patient.actions.offer(file('abc'));
    await settle();
    const { actions, last } = who === 'doctor' ? doctor : patient;
    actions[what](last().id);
    await settle();
    assert.deepEqual([doctor.phase(), patient.phase(), doctor.last().url], [phase, phase, null]);
  }
});

test('cancelling in the middle stops the sender', async () => {
  const [doctor, patient] = pages();
  await patient.actions.offer(file(randomBytes(8_000_000)));
  await settle();
  doctor.actions.accept(doctor.last().id);
  for (let i = 0; i < 30; i += 1) await turn();
  doctor.actions.cancel(doctor.last().id);
  await settle();
  assert.deepEqual([doctor.phase(), patient.phase(), doctor.actions.coming.size], ['cancelled', 'cancelled', 0]);
});

test('bytes that are not those that were offered are thrown away', async () => {
  const [doctor, patient] = pages();
  await patient.actions.offer(file('abc'));
  await settle();
  patient.actions.given.set(patient.last().id, file('abd'));
  doctor.actions.accept(doctor.last().id);
  await until(() => patient.phase() === 'failed');
  assert.deepEqual([doctor.phase(), patient.phase(), doctor.last().url], ['failed', 'failed', null]);
});

test('nobody accepts, finishes or hears about what was not offered to them', async () => {
  const [doctor, patient] = pages();
  doctor.actions.say('Bonjour');
  await settle();
  const { id } = patient.last();
  for (const is of ['accept', 'done', 'failed', 'refuse', 'cancel']) patient.exchange.say({ is, id });
  await settle();
  assert.equal(doctor.phase(), 'got');
  await patient.exchange.give(id, new Uint8Array(10), { progress() {}, stopped: () => false });
  await settle();
  assert.equal(doctor.actions.coming.size, 0);
});

test('files have bounds: empty, too large, too many', async () => {
  const [doctor, patient] = pages();
  const complaint = () => patient.store.get().forms.chat?.errors.form;
  await patient.actions.offer(file(''));
  assert.equal(complaint(), 'chat.file.empty');
  await patient.actions.offer({ size: MOST_FILE + 1, name: 'x' });
  assert.equal(complaint(), 'chat.file.too_large');
  for (let i = 0; i < MOST_FILES; i += 1) await patient.actions.offer(file(`${i}`));
  assert.equal(complaint(), undefined);
  await patient.actions.offer(file('one more'));
  assert.equal(complaint(), 'chat.file.too_many');
  await settle();
  assert.equal(doctor.store.get().chat.entries.length, MOST_FILES);
});

test('when a connection ends, what was on its way is lost and said so; nothing is left after the room', async () => {
  const [doctor, patient] = pages();
  await patient.actions.offer(file('abc'));
  await settle();
  doctor.actions.accept(doctor.last().id);
  await settle();
  const { url } = doctor.last();
  await patient.actions.offer(file('def'));
  await settle();
  for (const page of [doctor, patient]) page.exchange.close();
  assert.deepEqual([doctor.phase(), patient.phase(), doctor.actions.coming.size], ['lost', 'lost', 0]);
  doctor.actions.clear();
  assert.deepEqual(doctor.store.get().chat, SILENCE);
  await assert.rejects(fetch(url), 'the file itself is gone, too');
});

test('the oldest entries make room, and the same one does not come twice', () => {
  const entry = (id) => ({ id, mine: false, peers: {} });
  let state = SILENCE;
  for (let i = 0; i < MOST_ENTRIES + 3; i += 1) state = chat(state, { type: 'chat.said', entry: entry(String(i)) }, false);
  assert.deepEqual([state.entries.length, state.entries[0].id], [MOST_ENTRIES, '3']);
  assert.equal(chat(state, { type: 'chat.said', entry: entry('5') }, false), state);
});
