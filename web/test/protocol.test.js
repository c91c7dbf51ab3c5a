import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, decodeCloseReason, encodeRequest, encodeSignal, KEYED } from '../js/signalling/protocol.js';
import { errorsOf, example, exampleNames, schemaFor } from './examples.js';

const frames = exampleNames().filter((name) => !name.startsWith('http/') && !name.startsWith('close-reason'));

for (const name of exampleNames()) {
  test(`the example ${name} fits its schema`, () => {
    assert.deepEqual(errorsOf(schemaFor(name), example(name).message), []);
  });
}

test('a broken example does not fit its schema', () => {
  const { message } = example('request.claim');
  assert.notDeepEqual(errorsOf('request.claim.json', { ...message, key: 'none' }), []);
  assert.notDeepEqual(errorsOf('request.claim.json', { ...message, body: {} }), []);
});

for (const name of frames.filter((name) => example(name).direction === 'client')) {
  test(`${name} is encoded as in the example`, () => {
    const { message } = example(name);
    const text = message.type === 'signal' ? encodeSignal(message) : encodeRequest(message);
    assert.deepEqual(JSON.parse(text), message);
  });
}

test('every mutation of the examples carries a key, and nothing else does', () => {
  for (const name of frames) {
    const { direction, message } = example(name);
    if (direction === 'client' && message.type !== 'signal') assert.equal('key' in message, KEYED.has(message.type), name);
  }
});

for (const name of frames.filter((name) => example(name).direction === 'server')) {
  test(`${name} is decoded without losing anything`, () => {
    const { message } = example(name);
    const frame = decode(JSON.stringify(message));
    if (frame.is === 'reply') {
      const { is, ...rest } = frame;
      assert.deepEqual(rest, message);
    } else if (frame.is === 'event') {
      assert.deepEqual(frame.event, message);
    } else {
      assert.deepEqual({ type: 'signal', ...frame.signal }, message);
    }
  });
}

test('what is no message of the protocol is left alone', () => {
  for (const text of ['', '[]', 'null', '7', '{}', '{"re":1}', '{"re":1,"ok":false}', '{"type":"room"}', '{"seq":1', new ArrayBuffer(2)]) {
    assert.equal(decode(text), null);
  }
});

test('a close reason gives the code and the time, or nothing', () => {
  assert.deepEqual(decodeCloseReason(JSON.stringify(example('close-reason').message)), { code: 'server_restarting', afterMs: 2310 });
  assert.deepEqual(decodeCloseReason(''), {});
  assert.deepEqual(decodeCloseReason('going away'), {});
  assert.deepEqual(decodeCloseReason('{"after_ms":-1}'), {});
});
