import assert from 'node:assert/strict';
import test from 'node:test';
import { opposite, roleIn, withRole } from '../js/call/dtls-role.js';

const answer = (role) => `v=0\r\nm=audio 9 UDP\r\na=setup:${role}\r\nm=video 9 UDP\r\na=setup:${role}\r\n`;

test('the role of an answer is read, that of an offer is not one yet', () => {
  assert.deepEqual(['active', 'passive', 'actpass'].map((role) => roleIn(answer(role))), ['active', 'passive', null]);
  assert.deepEqual([opposite('active'), opposite('passive'), opposite(null)], ['passive', 'active', null]);
});

test('an answer is put in the role of before, on every line of media, and nothing else changes', () => {
  assert.equal(withRole(answer('active'), 'passive'), answer('passive'));
  assert.equal(withRole(answer('passive'), 'passive'), answer('passive'));
  assert.equal(withRole(answer('actpass'), 'passive'), answer('actpass'));
});
