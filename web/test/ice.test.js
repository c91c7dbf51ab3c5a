import assert from 'node:assert/strict';
import test from 'node:test';
import { IceServers } from '../js/call/ice.js';
import { example } from './examples.js';

const joined = example('room.join.reply').message.body;
const pushed = example('ice').message.body;
const refreshed = example('ice.refresh.reply').message.body;
/** This machine's clock is an hour late. */
const SKEW = 3_600_000;
const LIFE = 600_000;

function servers({ ask = async () => refreshed } = {}) {
  const clock = { server: joined.ice_expires_at - LIFE };
  const seen = { asked: 0, configurations: [] };
  const ice = new IceServers({
    ask: () => { seen.asked += 1; return ask(); },
    skew: () => SKEW,
    changed: (configuration) => seen.configurations.push(configuration),
    now: () => clock.server - SKEW,
  });
  ice.take(joined);
  return { ice, clock, seen };
}

test('what the seat was told is the configuration, and an event changes the servers only', () => {
  const { ice, seen } = servers();
  ice.take(pushed);
  assert.deepEqual(seen.configurations, [
    { iceServers: joined.ice_servers, iceTransportPolicy: 'all' }, { iceServers: pushed.ice_servers, iceTransportPolicy: 'all' },
  ]);
  ice.take({ ...joined, ice_transport_policy: 'relay' });
  ice.take(pushed);
  assert.equal(ice.configuration.iceTransportPolicy, 'relay');
});

test('fresh ones are asked for after half of their life, by the server\'s clock, and once for all connections', async () => {
  const { ice, clock, seen } = servers();
  clock.server += LIFE / 2 - 1;
  await ice.freshen();
  assert.equal(seen.asked, 0);
  clock.server += 1;
  await Promise.all([ice.freshen(), ice.freshen()]);
  assert.equal(seen.asked, 1);
  assert.deepEqual(ice.configuration.iceServers, refreshed.ice_servers);
  await ice.freshen();
  assert.equal(seen.asked, 1);
});

test('without an answer a call looks for its way with what it has', async (t) => {
  const refused = servers({ ask: () => Promise.reject(new Error('connection_lost')) });
  refused.clock.server += LIFE;
  await refused.ice.freshen();
  assert.deepEqual(refused.ice.configuration.iceServers, joined.ice_servers);

  t.mock.timers.enable({ apis: ['setTimeout'] });
  const silent = servers({ ask: () => new Promise(() => {}) });
  silent.clock.server += LIFE;
  let done = false;
  const waiting = silent.ice.freshen().then(() => { done = true; });
  await Promise.resolve();
  assert.equal(done, false);
  t.mock.timers.tick(2_000);
  await waiting;
});

test('what never expires is never asked for', async () => {
  const { ice, clock, seen } = servers();
  ice.take({ ...joined, ice_expires_at: null });
  clock.server += 1_000 * LIFE;
  await ice.freshen();
  assert.equal(seen.asked, 0);
});
