// Whether a connection is of the 4G class or better, as far as a page can tell without sending much (CU-4.2).

/** A round trip that a conversation bears, with what the media add to it. */
const ROUND_TRIP_MS = 400;

/**
 * @param {string | undefined} effectiveType of the Network Information API, where a browser has it
 * @param {number[]} pings round trips to the server, in milliseconds; those without an answer are missing
 * @returns {import('../state/types.js').Outcome}
 */
export function connectionOutcome(effectiveType, pings) {
  if (effectiveType !== undefined && effectiveType !== '4g') return 'failed';
  return pings.length > 0 && Math.min(...pings) <= ROUND_TRIP_MS ? 'ok' : 'failed';
}
