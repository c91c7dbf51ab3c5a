import assert from 'node:assert/strict';
import test from 'node:test';
import { placeError } from '../js/app/people.js';
import * as api from '../js/people/api.js';
import { http } from '../js/signalling/http.js';
import { BrokerError } from '../js/signalling/protocol.js';
import { whoIsSignedIn } from '../js/signalling/session.js';

/** Answers every request of a test in the same way, and remembers them. */
function answer(t, response) {
  const asked = [];
  const before = globalThis.fetch;
  t.after(() => { globalThis.fetch = before; });
  globalThis.fetch = async (path, options) => {
    asked.push({ path, ...options });
    if (response instanceof Error) throw response;
    return response.clone();
  };
  return asked;
}
const json = (status, body, type = 'application/json') => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } });
const refusal = async (work) => {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof BrokerError);
    return error;
  }
  return assert.fail('it was not refused');
};

test('a body goes as JSON with the cookie of this origin, and nothing without a body', async (t) => {
  const asked = answer(t, json(202, { email: 'julie@demo.example' }));
  assert.deepEqual(await api.registration.begin({ kind: 'guardian' }), { email: 'julie@demo.example' });
  assert.deepEqual(asked[0], { path: '/v1/registrations', method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: '{"kind":"guardian"}' });
  await api.invitations.accept('7/8');
  assert.deepEqual(asked[1], { path: '/v1/invitations/7%2F8/accept', method: 'POST', credentials: 'same-origin' });
});

test('an answer without content is empty, a text is a text', async (t) => {
  answer(t, new Response(null, { status: 204 }));
  assert.deepEqual(await http('DELETE', '/v1/session'), {});
  answer(t, new Response('# Terms\n', { headers: { 'Content-Type': 'text/plain; charset=utf-8' } }));
  assert.equal(await api.texts.read('/v1/texts/terms/1/fr'), '# Terms\n');
});

test('a refusal has its code, field and time to wait', async (t) => {
  answer(t, json(400, { title: 'no such day', status: 400, code: 'invalid_field', field: 'birth_date' }, 'application/problem+json'));
  const error = await refusal(http('POST', '/v1/registrations', {}));
  assert.deepEqual([error.code, error.details.field], ['invalid_field', 'birth_date']);
  answer(t, json(429, { code: 'too_many_attempts', after_ms: 4000 }, 'application/problem+json'));
  const later = await refusal(http('POST', '/v1/session', {}));
  assert.deepEqual([later.code, later.afterMs], ['too_many_attempts', 4000]);
});

test('an answer of something in between still has a code', async (t) => {
  answer(t, new Response('<html>bad gateway</html>', { status: 502, headers: { 'Content-Type': 'text/html' } }));
  assert.equal((await refusal(http('GET', '/v1/account'))).code, 'unavailable');
  answer(t, new Response('', { status: 401 }));
  assert.equal((await refusal(http('GET', '/v1/account'))).code, 'not_signed_in');
  answer(t, new TypeError('network'));
  assert.equal((await refusal(http('GET', '/v1/account'))).code, 'connection_lost');
});

test('nobody signed in is no error, everything else is', async (t) => {
  answer(t, json(401, { code: 'not_signed_in' }, 'application/problem+json'));
  assert.equal(await whoIsSignedIn(), null);
  answer(t, json(503, { code: 'unavailable' }, 'application/problem+json'));
  assert.equal((await refusal(whoIsSignedIn())).code, 'unavailable');
});

test('what is searched for is part of the address only in its encoded form', async (t) => {
  const asked = answer(t, json(200, { practitioners: [] }));
  await api.practitioners.find('Lé & Co#?');
  assert.equal(asked[0].path, '/v1/practitioners?name=L%C3%A9%20%26%20Co%23%3F');
  await api.operator.practitioners({ verification: 'pending', after: null });
  assert.equal(asked[1].path, '/v1/operator/practitioners?verification=pending');
});

test('an error is said beside the field it is about, or above the form', () => {
  const error = (code, field) => new BrokerError({ code, message: '', retry: 'never', ...(field ? { details: { field } } : {}) });
  const cases = [
    [error('invalid_field', 'birth_date'), ['birth_date'], { birth_date: 'error.invalid_field.birth_date' }],
    [error('invalid_field', 'postal_address.city'), ['city'], { city: 'error.invalid_field.postal_address_city' }],
    [error('missing_field', 'practitioner.rpps'), ['rpps'], { rpps: 'error.missing_field.practitioner_rpps' }],
    [error('invalid_field', 'elsewhere'), ['city'], { form: 'error.invalid_field.elsewhere' }],
    [error('rpps_taken'), ['rpps', 'email'], { rpps: 'error.rpps_taken' }],
    [error('wrong_code'), ['password', 'code'], { code: 'error.wrong_code' }],
    [error('wrong_credentials'), ['current', 'new'], { current: 'error.wrong_password' }],
    [error('unavailable'), ['password'], { form: 'error.unavailable' }],
  ];
  for (const [refused, fields, place] of cases) assert.deepEqual(placeError(refused, fields), place);
});
