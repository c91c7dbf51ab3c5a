import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { PeerLink } from '../js/call/peer-link.js';
import { FakePeerConnection, FakeStream } from './fake-peer-connection.js';

globalThis.MediaStream = FakeStream;

const settle = async () => { for (let i = 0; i < 40; i += 1) await turn(); };
const tracks = (name) => (kind) => ({ kind, name });

/** Two sides whose signals reach each other in order, after a turn. */
function pair({ hold = () => false, freshen = async () => {} } = {}) {
  const sides = {};
  const log = [];
  const make = (name, other, { polite, offersFirst }) => {
    const pc = new FakePeerConnection(name);
    const link = new PeerLink({
      connect: () => pc, polite, offersFirst, changed() {}, localTrack: tracks(name), switches: { microphone: true, camera: true },
      exchange: { closed() {} }, freshen, incident: (kind) => log.push(`${name} ${kind}`),
      send(kind, data) {
        log.push(`${name} ${kind}`);
        if (!hold(name, kind)) setImmediate(() => sides[other].link.receive(kind, data));
      },
    });
    sides[name] = { link, pc };
  };
  make('practitioner', 'patient', { polite: false, offersFirst: false });
  make('patient', 'practitioner', { polite: true, offersFirst: true });
  return { ...sides, log };
}

test('the named side offers, the other answers with its own tracks on the same lines', async () => {
  const { practitioner, patient, log } = pair();
  await settle();
  assert.deepEqual(log, ['patient offer', 'practitioner answer']);
  assert.deepEqual([practitioner.pc.signalingState, patient.pc.signalingState], ['stable', 'stable']);
  for (const { sender, direction } of practitioner.pc.transceivers) {
    assert.deepEqual([sender.track.name, direction], ['practitioner', 'sendrecv']);
  }
});

test('the side that is not named does not offer before it has seen an offer', async () => {
  const { practitioner, log } = pair({ hold: () => true });
  practitioner.pc.needNegotiation();
  await settle();
  assert.deepEqual(log, ['patient offer']);
});

test('when two offers meet, the polite side gives way and both end stable', async () => {
  const { practitioner, patient, log } = pair();
  await settle();
  log.length = 0;
  practitioner.pc.restartIce();
  patient.pc.restartIce();
  await settle();
  assert.deepEqual(log.slice().sort(), ['patient answer', 'patient offer', 'practitioner offer']);
  assert.deepEqual([practitioner.pc.signalingState, patient.pc.signalingState], ['stable', 'stable']);
  assert.equal(patient.pc.remoteDescription.sdp, practitioner.pc.localDescription.sdp);
  assert.equal(practitioner.pc.remoteDescription.sdp, patient.pc.localDescription.sdp);
});

test('candidates that overtake their description wait for it', async () => {
  const { practitioner } = pair({ hold: () => true });
  await practitioner.link.receive('candidate', { candidate: 'early' });
  assert.deepEqual(practitioner.pc.candidates, []);
  await practitioner.link.receive('offer', { type: 'offer', sdp: 'patient offer' });
  await practitioner.link.receive('candidate', { candidate: 'late' });
  assert.deepEqual(practitioner.pc.candidates.map(({ candidate }) => candidate), ['early', 'late']);
});

test('a broken description of the other side does not end this one', async () => {
  const { practitioner } = pair({ hold: () => true });
  await practitioner.link.receive('offer', { type: 'offer', sdp: 'broken' });
  assert.equal(practitioner.pc.closed, false);
});

test('failed ICE restarts at once, and not after it came back', async (t) => {
  const { patient } = pair();
  t.after(() => patient.link.close());
  await settle();
  patient.pc.iceConnectionState = 'failed';
  patient.pc.oniceconnectionstatechange();
  await new Promise((done) => setTimeout(done, 5));
  assert.equal(patient.pc.restarts, 1);
  patient.pc.iceConnectionState = 'connected';
  patient.pc.oniceconnectionstatechange();
  assert.equal(patient.link.restart, undefined);
});

test('a new way is looked for with fresh credentials, unless the old one came back while they were asked for', async (t) => {
  const waiting = [];
  const { patient } = pair({ freshen: () => new Promise((resolve) => waiting.push(resolve)) });
  t.after(() => patient.link.close());
  await settle();
  const becomes = (state) => {
    patient.pc.iceConnectionState = state;
    patient.pc.oniceconnectionstatechange();
  };
  const asked = async (count) => { while (waiting.length < count) await new Promise((done) => setTimeout(done, 1)); };
  becomes('failed');
  await asked(1);
  assert.equal(patient.pc.restarts, 0);
  becomes('connected');
  waiting[0]();
  await settle();
  assert.equal(patient.pc.restarts, 0);
  becomes('failed');
  await asked(2);
  waiting[1]();
  await settle();
  assert.equal(patient.pc.restarts, 1);
});

test('bye closes, stops what was received, and nothing is sent afterwards', async () => {
  const { practitioner, log } = pair();
  await settle();
  const track = { kind: 'video', stop() { this.stopped = true; } };
  practitioner.pc.ontrack({ track });
  log.length = 0;
  await practitioner.link.receive('bye', {});
  assert.deepEqual([practitioner.pc.closed, track.stopped, practitioner.link.stream.getTracks().length], [true, true, 0]);
  await practitioner.link.receive('offer', { type: 'offer', sdp: 'patient offer' });
  await practitioner.link.offer();
  assert.deepEqual(log, []);
});

test('a new track goes on the line that is there', async () => {
  const { patient } = pair();
  await settle();
  patient.link.options.localTrack = tracks('other camera');
  await patient.link.sendTracks();
  assert.deepEqual(patient.pc.transceivers.map(({ sender }) => sender.track.name), ['other camera', 'other camera']);
});

test('an offer that was lost is made again, what is connected goes on as it is', async () => {
  let isLost = true;
  const { practitioner, patient, log } = pair({ hold: () => isLost });
  await settle();
  isLost = false;
  patient.link.recover();
  await settle();
  assert.deepEqual([log, practitioner.pc.signalingState, patient.pc.signalingState], [['patient offer', 'patient offer', 'practitioner answer'], 'stable', 'stable']);
  log.length = 0;
  for (const { link, pc } of [practitioner, patient]) {
    pc.connectionState = 'connected';
    link.recover();
  }
  await settle();
  assert.deepEqual(log, []);
});

test('an answer that was lost is made again by whoever sees the other side come back', async () => {
  let isLost = false;
  const { practitioner, patient, log } = pair({ hold: (name, kind) => isLost && kind === 'answer' });
  isLost = true;
  await settle();
  assert.equal(patient.pc.signalingState, 'have-local-offer');
  isLost = false;
  patient.link.recover();
  practitioner.link.recover();
  await settle();
  assert.deepEqual([practitioner.pc.signalingState, patient.pc.signalingState], ['stable', 'stable']);
  assert.ok(log.filter((line) => line === 'practitioner answer').length >= 2);
  for (const { link } of [practitioner, patient]) link.close();
});
