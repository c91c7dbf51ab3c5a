// What getStats says, once a second, in three steps that a person understands.

/** @typedef {'good' | 'fair' | 'poor'} Quality */
/** @typedef {{framesDecoded: number, received: number, lost: number, delay: number}} Sample */

/**
 * @param {RTCStatsReport} report
 * @returns {Sample}
 */
export function read(report) {
  const sample = { framesDecoded: 0, received: 0, lost: 0, delay: 0 };
  report.forEach((/** @type {any} */ entry) => {
    if (entry.type === 'inbound-rtp') {
      sample.received += entry.packetsReceived ?? 0;
      sample.lost += entry.packetsLost ?? 0;
      if (entry.kind === 'video') sample.framesDecoded += entry.framesDecoded ?? 0;
    } else if (entry.type === 'candidate-pair' && entry.nominated && entry.currentRoundTripTime) {
      sample.delay = Math.max(sample.delay, entry.currentRoundTripTime);
    }
  });
  return sample;
}

/**
 * @param {Sample} before
 * @param {Sample} now
 * @returns {Quality}
 */
export function quality(before, now) {
  const received = now.received - before.received;
  const lost = Math.max(0, now.lost - before.lost);
  const share = received + lost > 0 ? lost / (received + lost) : 0;
  if (share > 0.1 || now.delay > 0.8) return 'poor';
  return share > 0.03 || now.delay > 0.4 ? 'fair' : 'good';
}

/**
 * Whether the connection goes through a relay.
 * @param {RTCStatsReport} report
 * @returns {boolean | null} null while no pair of candidates is chosen
 */
export function relayed(report) {
  /** @type {any} */
  let pair = null;
  report.forEach((/** @type {any} */ entry) => {
    if (entry.type === 'transport' && entry.selectedCandidatePairId) pair = report.get(entry.selectedCandidatePairId) ?? pair;
  });
  // Firefox says it at the pair itself.
  if (!pair) report.forEach((/** @type {any} */ entry) => { if (entry.type === 'candidate-pair' && entry.selected) pair = entry; });
  if (!pair) return null;
  return [pair.localCandidateId, pair.remoteCandidateId].some((id) => report.get(id)?.candidateType === 'relay');
}
