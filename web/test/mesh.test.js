import assert from 'node:assert/strict';
import test from 'node:test';
import { isPolite, Mesh } from '../js/call/mesh.js';
import { example } from './examples.js';
import { FakePeerConnection, FakeStream } from './fake-peer-connection.js';

globalThis.MediaStream = FakeStream;

function mesh() {
  const made = [];
  const sent = [];
  const ice = { configuration: { iceServers: example('room.join.reply').message.body.ice_servers }, freshen: async () => {} };
  const created = new Mesh({
    send: (signal) => sent.push(signal), changed() {}, localTrack: () => null, exchange: () => ({ closed() {} }), incident() {}, ice,
    connect(configuration) {
      const pc = new FakePeerConnection(`pc${made.length}`);
      pc.configuration = configuration;
      made.push(pc);
      return pc;
    },
  });
  return { mesh: created, made, sent, ice };
}
const peer = (seat, negotiation, offers = seat) => ({ seat, negotiation, offers });

test('one connection for each entry of Room.peers, with the room\'s ICE servers', () => {
  const { mesh: m, made, ice } = mesh();
  m.follow('practitioner', example('room.accompanied').message.body.peers);
  assert.deepEqual([...m.links.keys()], ['patient', 'guardian1']);
  assert.deepEqual(made[0].configuration, ice.configuration);
});

test('fresh ICE servers go to every connection that is not closed', () => {
  const { mesh: m, made } = mesh();
  m.follow('practitioner', [peer('patient', 1), peer('guardian1', 2)]);
  m.links.get('guardian1').link.close();
  const fresh = { iceServers: example('ice').message.body.ice_servers };
  m.configure(fresh);
  assert.deepEqual(made[0].configuration, fresh);
  assert.notDeepEqual(made[1].configuration, fresh);
});

test('who is not in the list any more is closed, who stays is left alone', () => {
  const { mesh: m, made } = mesh();
  m.follow('practitioner', [peer('patient', 1), peer('guardian1', 2)]);
  m.follow('practitioner', [peer('guardian1', 2)]);
  assert.deepEqual(made.map(({ closed }) => closed), [true, false]);
  m.follow('practitioner', []);
  assert.deepEqual(made.map(({ closed }) => closed), [true, true]);
});

test('another negotiation is another connection', () => {
  const { mesh: m, made } = mesh();
  m.follow('practitioner', [peer('patient', 1)]);
  m.follow('practitioner', [peer('patient', 5)]);
  assert.deepEqual(made.map(({ closed }) => closed), [true, false]);
  assert.equal(m.links.get('patient').negotiation, 5);
});

test('a connection that both sides still have goes on, and is not offered again', () => {
  const { mesh: m, made, sent } = mesh();
  m.follow('patient', [peer('practitioner', 4, 'patient')]);
  assert.deepEqual(m.connected(), { practitioner: 4 });
  m.follow('patient', [peer('practitioner', 4, 'practitioner')]);
  assert.deepEqual([made.length, sent], [1, []]);
  m.links.get('practitioner').link.receive('bye', {});
  assert.deepEqual(m.connected(), {});
});

test('signals of an unknown seat or negotiation are ignored', () => {
  const { mesh: m } = mesh();
  m.follow('practitioner', [peer('patient', 4)]);
  const heard = [];
  m.links.get('patient').link.receive = (kind) => heard.push(kind);
  const signal = (from, negotiation) => ({ ...example('signal.received').message, from, negotiation });
  m.receive(signal('patient', 3));
  m.receive(signal('guardian1', 4));
  m.receive(signal('patient', 4));
  assert.deepEqual(heard, ['offer']);
});

test('leaving says goodbye to everyone and closes', () => {
  const { mesh: m, made, sent } = mesh();
  m.follow('practitioner', [peer('patient', 1), peer('guardian1', 2)]);
  m.sayGoodbye();
  assert.deepEqual(sent, [peer('patient', 1), peer('guardian1', 2)].map(({ seat, negotiation }) => ({ to: seat, kind: 'bye', negotiation, data: {} })));
  assert.ok(made.every(({ closed }) => closed));
});

test('the seat that comes first is the impolite one', () => {
  assert.deepEqual([isPolite('practitioner', 'patient'), isPolite('patient', 'practitioner'), isPolite('guardian2', 'guardian1'), isPolite('patient', 'guardian1')],
    [false, true, true, false]);
});
