// Signing in, agreeing and leaving, with a server that is a table of answers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { AccountActions } from '../js/app/account.js';
import { wantedPage } from '../js/state/pages.js';
import { INITIAL, reduce } from '../js/state/root.js';
import { createStore } from '../js/state/store.js';

const ACCOUNT = { id: '1', given_name: 'Julie', family_name: 'Petit', email: 'julie@demo.example', roles: ['patient'] };

function person(t) {
  const store = createStore(reduce, INITIAL);
  const did = [];
  const server = { needed: ['terms', 'privacy'], in: true, factor: false };
  const fetch = globalThis.fetch;
  t.after(() => { globalThis.fetch = fetch; });
  globalThis.fetch = async (_path, { method, body }) => {
    const answer = (status, value) => new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } });
    const refuse = (code) => answer(401, { code });
    if (method === 'POST') {
      const { password, code } = JSON.parse(body);
      if (password !== 'right') return refuse('wrong_credentials');
      if (server.factor && !code) return refuse('second_factor_required');
      if (server.factor && code !== '123456') return refuse('wrong_code');
      server.in = true;
    }
    if (!server.in) return refuse('not_signed_in');
    return answer(200, { account: ACCOUNT, consents_needed: server.needed, second_factor: server.factor });
  };
  const client = { start: () => did.push('start'), stop: () => did.push('stop') };
  const account = new AccountActions({ store, client, leaveRoom: () => did.push('leave'), toStart: () => did.push('to start'), ready: async () => did.push('ready') });
  return { store, server, did, account };
}

test('CU-3: no socket starts before the current texts were agreed to', async (t) => {
  const { store, server, did, account } = person(t);
  await account.restore();
  assert.deepEqual([wantedPage(store.get()), did], ['consent', ['ready']]);
  server.needed = [];
  await account.refresh();
  assert.deepEqual([store.get().session.consentsNeeded, did], [[], ['ready', 'stop', 'ready', 'start']]);
});

test('CU-3: a new version during a session stops the socket and asks', async (t) => {
  const { store, server, did, account } = person(t);
  server.needed = [];
  await account.restore();
  assert.deepEqual(did, ['ready', 'start']);
  server.needed = ['terms'];
  await account.refresh();
  assert.deepEqual([wantedPage(store.get()), store.get().connection.phase, did.at(-2)], ['consent', 'idle', 'stop']);
});

test('the second factor is asked for once the password was right', async (t) => {
  const { store, server, account } = person(t);
  Object.assign(server, { in: false, factor: true, needed: [] });
  await account.signIn('julie@demo.example', 'wrong');
  assert.deepEqual([store.get().forms['sign-in'].errors, store.get().open], [{ form: 'error.wrong_credentials' }, {}]);
  await account.signIn('julie@demo.example', 'right');
  assert.deepEqual([store.get().forms['sign-in'].errors, store.get().open], [{}, { 'sign-in-code': true }]);
  await account.signIn('julie@demo.example', 'right', '');
  assert.deepEqual(store.get().forms['sign-in'].errors, { code: 'sign_in.code_needed' });
  await account.signIn('julie@demo.example', 'right', '000000');
  assert.deepEqual(store.get().forms['sign-in'].errors, { code: 'error.wrong_code' });
  await account.signIn('julie@demo.example', 'right', '123456');
  assert.deepEqual([store.get().session.phase, store.get().session.account.email], ['signed_in', 'julie@demo.example']);
  assert.equal(JSON.stringify(store.get()).includes('right'), false);
});

test('CU-12.1: an erased account leaves the room, and the page says what happened', async (t) => {
  const { store, server, did, account } = person(t);
  server.needed = [];
  await account.restore();
  account.erased();
  assert.deepEqual([did.slice(2), store.get().session.ended, wantedPage(store.get())], [['leave', 'stop', 'to start'], 'account_erased', 'sign-in']);
});

test('a session that is over while its texts are asked for is said to be over', async (t) => {
  const { store, server, account } = person(t);
  await account.restore();
  server.in = false;
  await account.refresh();
  assert.deepEqual([store.get().session.phase, store.get().session.ended], ['signed_out', 'not_signed_in']);
});
