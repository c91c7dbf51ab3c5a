// What one's own video may use of a weak network: less, then nothing, so that the sound stays; and back when it is better.

/** @typedef {{lost: number, delay: number, available: number | null}} UplinkSample share lost, seconds, bits per second */
/** @typedef {{step: number, bad: number, good: number, patience: number}} Uplink */

/** From the whole picture to none. `below`: with a smaller estimate a step is not kept; estimates begin at 300 kbit/s. */
export const STEPS = [
  { maxBitrate: 1_500_000, scale: 1, below: 200_000 },
  { maxBitrate: 400_000, scale: 2, below: 100_000 },
  { maxBitrate: 120_000, scale: 4, below: 50_000 },
  { maxBitrate: 0, scale: 4, below: 0 },
];
export const OFF = STEPS.length - 1;
const BAD_SECONDS = 4;
const GOOD_SECONDS = 12;
const MOST_PATIENCE = 120;

/** @type {Uplink} */
export const FREE = { step: 0, bad: 0, good: 0, patience: GOOD_SECONDS };

/**
 * One second later. Coming back takes longer each time it was too early, so that the picture does not come and go.
 * @param {Uplink} uplink
 * @param {UplinkSample} sample
 * @returns {Uplink}
 */
export function afterSecond(uplink, { lost, delay, available }) {
  const { step } = uplink;
  const tight = step < OFF && available !== null && available < STEPS[step].below;
  if (lost > 0.1 || delay > 1 || tight) {
    if (step === OFF || uplink.bad + 1 < BAD_SECONDS) return { ...uplink, bad: uplink.bad + 1, good: 0 };
    return { ...uplink, step: step + 1, bad: 0, good: 0 };
  }
  // The estimate does not grow beyond what is sent, so only loss and delay say whether there is room again.
  if (step === 0 || lost > 0.03 || delay > 0.5) return { ...uplink, bad: 0, good: 0 };
  if (uplink.good + 1 < uplink.patience) return { ...uplink, bad: 0, good: uplink.good + 1 };
  return { step: step - 1, bad: 0, good: 0, patience: Math.min(MOST_PATIENCE, uplink.patience * 2) };
}

/**
 * @param {RTCStatsReport} report
 * @returns {UplinkSample}
 */
export function readUplink(report) {
  /** @type {UplinkSample} */
  const sample = { lost: 0, delay: 0, available: null };
  report.forEach((/** @type {any} */ entry) => {
    if (entry.type === 'remote-inbound-rtp') {
      sample.lost = Math.max(sample.lost, entry.fractionLost ?? 0);
      sample.delay = Math.max(sample.delay, entry.roundTripTime ?? 0);
    } else if (entry.type === 'candidate-pair' && entry.nominated && entry.availableOutgoingBitrate) {
      sample.available = entry.availableOutgoingBitrate;
    }
  });
  return sample;
}

/**
 * Tells the two senders what they may use. Sound comes first whatever the step is.
 * @param {RTCPeerConnection} pc
 * @param {number} step
 */
export async function limit(pc, step) {
  const { maxBitrate, scale } = STEPS[step];
  for (const { sender, receiver } of pc.getTransceivers()) {
    const parameters = sender.getParameters();
    /** @type {(RTCRtpEncodingParameters & {networkPriority?: RTCPriorityType}) | undefined} */
    const encoding = parameters.encodings?.[0];
    if (!encoding) continue;
    if (receiver.track.kind === 'audio') {
      encoding.priority = encoding.networkPriority = 'high';
    } else {
      encoding.priority = encoding.networkPriority = 'low';
      encoding.active = step < OFF;
      if (maxBitrate) encoding.maxBitrate = maxBitrate;
      encoding.scaleResolutionDownBy = scale;
    }
    // Some browsers do not know every parameter; the call goes on without.
    await sender.setParameters(parameters).catch(() => {});
  }
}
