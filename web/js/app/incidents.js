// Tells the server what went wrong with a connection, for the consultation's incident sheet: kinds only, never an address (CU-13).

/** @typedef {'ice_failed' | 'ice_restarted' | 'relay_used'} IncidentKind */

/** Of one kind, in one stay in a room: a connection that comes and goes all the time is told enough of. */
export const MOST_OF_A_KIND = 20;
/** The same trouble is not told twice: a connection is tried again every few seconds while it is gone. */
export const QUIET_MS = 10_000;

export class Incidents {
  /**
   * @param {object} parts
   * @param {(report: {consultation: string, kind: IncidentKind, detail?: object}) => Promise<unknown>} parts.send
   * @param {() => string | null} parts.consultation in whose room this page is
   * @param {() => number} [parts.now]
   */
  constructor({ send, consultation, now = Date.now }) {
    this.send = send;
    this.consultation = consultation;
    this.now = now;
    /** @type {Map<IncidentKind, number>} */
    this.counts = new Map();
    /** @type {Map<string, number>} */
    this.last = new Map();
    /** @type {WeakSet<object>} */
    this.routed = new WeakSet();
  }

  /** Another stay in a room. */
  begin() {
    this.counts.clear();
    this.last.clear();
  }

  /** @param {string} seat of the other side @param {'ice_failed' | 'ice_restarted'} kind */
  trouble(seat, kind) {
    const key = `${kind} ${seat}`;
    const now = this.now();
    const before = this.last.get(key);
    this.last.set(key, now);
    if (before === undefined || now - before >= QUIET_MS) this.report(kind);
  }

  /**
   * Whether a connection goes through a relay, once for each.
   * @param {object} connection
   * @param {boolean | null} relay null while that is not known
   */
  route(connection, relay) {
    if (relay === null || this.routed.has(connection)) return;
    this.routed.add(connection);
    this.report('relay_used', { relay });
  }

  /** @param {IncidentKind} kind @param {object} [detail] */
  report(kind, detail) {
    const consultation = this.consultation();
    const count = (this.counts.get(kind) ?? 0) + 1;
    if (!consultation || count > MOST_OF_A_KIND) return;
    this.counts.set(kind, count);
    // A call does not suffer because its incident could not be told.
    this.send({ consultation, kind, ...(detail ? { detail } : {}) }).catch(() => {});
  }
}
