import assert from 'node:assert/strict';
import test from 'node:test';
import { afterClose, fullJitter } from '../js/signalling/backoff.js';

test('the bound doubles from half a second to two, stays there while nobody was told, and doubles on to thirty', () => {
  const most = Array.from({ length: 18 }, (_, attempt) => fullJitter(attempt, () => 0.999999));
  assert.deepEqual(most, [499, 999, ...Array(10).fill(1999), 3999, 7999, 15999, 29999, 29999, 29999]);
  assert.equal(fullJitter(5, () => 0), 0);
  assert.equal(fullJitter(10_000, () => 0.5), 15_000);
});

test('40xx comes back now, but not in a tight loop', () => {
  assert.deepEqual(afterClose(4000, '{"code":"refresh"}', 0), { again: true, afterMs: 0, told: false, code: 'refresh' });
  assert.deepEqual(afterClose(4000, '', 12, () => 0.5), { again: true, afterMs: 2000, told: false, code: undefined });
});

test('41xx comes back after the time named, or with its own backoff', () => {
  assert.deepEqual(afterClose(4100, '{"code":"server_restarting","after_ms":2310}', 4), { again: true, afterMs: 2310, told: true, code: 'server_restarting' });
  assert.equal(afterClose(4101, '{"code":"slow_reader"}', 1, () => 0.5).afterMs, 500);
});

test('42xx and a client\'s mistakes do not come back', () => {
  assert.deepEqual(afterClose(4200, '{"code":"signed_out"}', 0), { again: false, code: 'signed_out' });
  assert.deepEqual(afterClose(4201, '', 0), { again: false, code: 'account_suspended' });
  assert.deepEqual(afterClose(4202, '', 0), { again: false, code: 'account_erased' });
  assert.deepEqual(afterClose(4205, '', 0), { again: false, code: 'consent_required' });
  for (const code of [1003, 1007, 1009, 4299]) assert.equal(afterClose(code, '', 0).again, false);
});

test('any other end comes back with the client\'s own backoff', () => {
  for (const code of [1000, 1001, 1006, 1011, 4300]) assert.deepEqual(afterClose(code, '', 2, () => 0.5), { again: true, afterMs: 1000, told: false, code: undefined });
});
