import assert from 'node:assert/strict';
import test from 'node:test';
import { Incidents, MOST_OF_A_KIND, QUIET_MS } from '../js/app/incidents.js';
import { relayed } from '../js/call/stats.js';

function watched({ consultation = 'c', send = async () => {} } = {}) {
  const sent = [];
  const clock = { now: 0 };
  const incidents = new Incidents({ send: (report) => { sent.push(report); return send(); }, consultation: () => consultation, now: () => clock.now });
  return { incidents, sent, clock };
}

test('the same trouble with the same side is told once as long as it goes on', () => {
  const { incidents, sent, clock } = watched();
  for (clock.now = 0; clock.now < 5 * QUIET_MS; clock.now += QUIET_MS / 2) incidents.trouble('patient', 'ice_restarted');
  incidents.trouble('patient', 'ice_failed');
  incidents.trouble('guardian1', 'ice_restarted');
  assert.deepEqual(sent.map(({ kind }) => kind), ['ice_restarted', 'ice_failed', 'ice_restarted']);
  clock.now += QUIET_MS;
  incidents.trouble('patient', 'ice_restarted');
  assert.equal(sent.length, 4);
});

test('whether a connection is relayed is told once for each, when it is known', () => {
  const { incidents, sent } = watched();
  const [one, other] = [{}, {}];
  for (const relay of [null, false, false, true]) incidents.route(one, relay);
  incidents.route(other, true);
  assert.deepEqual(sent, [{ consultation: 'c', kind: 'relay_used', detail: { relay: false } }, { consultation: 'c', kind: 'relay_used', detail: { relay: true } }]);
});

test('there is an end to telling, until the next stay in a room', () => {
  const { incidents, sent, clock } = watched();
  for (let i = 0; i < 3 * MOST_OF_A_KIND; i += 1) {
    clock.now += QUIET_MS;
    incidents.trouble('patient', 'ice_failed');
  }
  assert.equal(sent.length, MOST_OF_A_KIND);
  incidents.begin();
  incidents.trouble('patient', 'ice_failed');
  assert.equal(sent.length, MOST_OF_A_KIND + 1);
});

test('nothing is told outside of a room, and a report that fails is nobody\'s trouble', async () => {
  const nowhere = watched({ consultation: null });
  nowhere.incidents.trouble('patient', 'ice_failed');
  assert.deepEqual(nowhere.sent, []);
  const { incidents, sent } = watched({ send: () => Promise.reject(new Error('too_many_incidents')) });
  incidents.trouble('patient', 'ice_failed');
  await Promise.resolve();
  assert.equal(sent.length, 1);
});

const report = (...entries) => new Map(entries.map((entry) => [entry.id, entry]));

test('a connection is relayed when either end of its chosen pair is', () => {
  const ends = (local, remote) => [{ id: 'l', type: 'local-candidate', candidateType: local }, { id: 'r', type: 'remote-candidate', candidateType: remote }];
  const pair = { id: 'p', type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'r' };
  const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'p' };
  assert.equal(relayed(report(transport, pair, ...ends('host', 'srflx'))), false);
  assert.equal(relayed(report(transport, pair, ...ends('relay', 'host'))), true);
  assert.equal(relayed(report(transport, pair, ...ends('host', 'relay'))), true);
  assert.equal(relayed(report({ ...pair, selected: true }, ...ends('relay', 'host'))), true, 'as Firefox says it');
  assert.equal(relayed(report(pair, ...ends('relay', 'host'))), null, 'none is chosen yet');
});
