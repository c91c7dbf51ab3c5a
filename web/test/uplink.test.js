// Sound before picture: when one's own video is lowered, stopped and brought back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { afterSecond, FREE, limit, OFF, readUplink } from '../js/call/uplink.js';

const GOOD = { lost: 0, delay: 0.05, available: 2_000_000 };
const LOSSY = { lost: 0.3, delay: 0.05, available: null };
const seconds = (count, sample, from) => Array.from({ length: count }).reduce((uplink) => afterSecond(uplink, sample), from);

test('a good network changes nothing, and neither do a few bad seconds', () => {
  assert.equal(seconds(60, GOOD, FREE).step, 0);
  assert.equal(seconds(3, LOSSY, FREE).step, 0);
  assert.equal(seconds(3, LOSSY, seconds(1, GOOD, seconds(3, LOSSY, FREE))).step, 0);
});

test('loss, delay and a low estimate each lower the video step by step until it is off', () => {
  for (const bad of [LOSSY, { lost: 0, delay: 2, available: null }, { lost: 0, delay: 0, available: 30_000 }]) {
    assert.deepEqual([4, 8, 12, 60].map((count) => seconds(count, bad, FREE).step), [1, 2, OFF, OFF]);
  }
});

test('the video comes back by itself, more slowly each time', () => {
  const off = seconds(12, LOSSY, FREE);
  const calm = { lost: 0, delay: 0.05, available: 50_000 };
  assert.equal(seconds(11, calm, off).step, OFF);
  const better = seconds(12, calm, off);
  assert.equal(better.step, OFF - 1);
  assert.ok(better.patience > off.patience);
  assert.equal(seconds(200, GOOD, off).step, 0);
});

test('the worst of what the other side reports counts', () => {
  const report = new Map([
    ['a', { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.2, roundTripTime: 0.1 }],
    ['v', { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.01, roundTripTime: 0.3 }],
    ['p', { type: 'candidate-pair', nominated: true, availableOutgoingBitrate: 123_000 }],
  ]);
  assert.deepEqual(readUplink(report), { lost: 0.2, delay: 0.3, available: 123_000 });
});

test('sound has priority, video is limited, and a browser that refuses does not end the call', async () => {
  const sent = {};
  const transceiver = (kind) => ({
    receiver: { track: { kind } },
    sender: { getParameters: () => ({ encodings: [{}] }), setParameters: async ({ encodings }) => { sent[kind] = encodings[0]; if (kind === 'audio') throw new Error('unknown'); } },
  });
  await limit({ getTransceivers: () => [transceiver('audio'), transceiver('video')] }, OFF);
  assert.equal(sent.audio.networkPriority, 'high');
  assert.equal(sent.audio.active, undefined);
  assert.equal(sent.video.active, false);
  await limit({ getTransceivers: () => [transceiver('video')] }, 1);
  assert.deepEqual([sent.video.active, sent.video.maxBitrate, sent.video.scaleResolutionDownBy], [true, 400_000, 2]);
});
