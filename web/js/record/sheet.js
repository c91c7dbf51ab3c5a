// CU-8: the incident sheet, from the events of a record alone.
/** @typedef {import('./types.js').RecordEvent} RecordEvent */
/**
 * @typedef {object} Sheet
 * @property {number} lost connections that broke
 * @property {number} resumed of them, by the same person
 * @property {number} takenOver seats taken from another device
 * @property {number} iceFailed
 * @property {number} iceRestarted
 * @property {boolean | null} relay null where nobody told
 * @property {{passed: boolean, failed: string[]}[]} checks of devices, oldest first
 * @property {number} pauses
 * @property {number} pausedFor milliseconds, until the end of the consultation or of the record
 * @property {RecordEvent[]} overdue
 * @property {RecordEvent | null} end who ended it and why
 * @property {RecordEvent[]} happened all of it, oldest first
 */

const PARTS = ['camera', 'microphone', 'speaker', 'connection', 'browser'];
const SHOWN = ['incident', 'suspended', 'resumed', 'overdue', 'ended', 'cancelled', 'clock_stepped'];

/** @param {RecordEvent[]} events @returns {Sheet} */
export function sheetOf(events) {
  /** @param {string} kind */
  const incidents = (kind) => events.filter(({ event, details }) => event === 'incident' && details.kind === kind);
  const relays = incidents('relay_used').map(({ details }) => details.relay === true);
  return {
    lost: incidents('connection_lost').length,
    resumed: incidents('connection_resumed').length,
    takenOver: incidents('taken_over').length,
    iceFailed: incidents('ice_failed').length,
    iceRestarted: incidents('ice_restarted').length,
    relay: relays.length === 0 ? null : relays.includes(true),
    checks: incidents('device_check').map(({ details }) => ({ passed: details.result === 'passed', failed: failedParts(details) })),
    pauses: events.filter(({ event }) => event === 'suspended').length,
    pausedFor: pausedFor(events),
    overdue: events.filter(({ event }) => event === 'overdue'),
    end: events.find(({ event }) => event === 'ended' || event === 'cancelled') ?? null,
    happened: events.filter(({ event }) => SHOWN.includes(event)),
  };
}

/** @param {Record<string, any>} details of a device check */
export function failedParts(details) {
  return PARTS.filter((part) => details[part] === 'failed');
}

/** @param {RecordEvent[]} events */
function pausedFor(events) {
  let total = 0;
  /** @type {number | null} */
  let since = null;
  for (const { event, at } of events) {
    if (event === 'suspended') since ??= at;
    if (since === null || !['resumed', 'ended'].includes(event)) continue;
    // The system's clock may have been set back meanwhile.
    total += Math.max(0, at - since);
    since = null;
  }
  return total;
}
