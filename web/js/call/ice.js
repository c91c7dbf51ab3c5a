// Which servers help to find a way, and with which credentials: those expire, and are asked for anew in time.

/** @typedef {import('../signalling/types.js').Ice} Ice */

/** A call that looks for a new way does not wait longer than that for fresh credentials: the old ones may be good. */
const PATIENCE_MS = 2_000;

export class IceServers {
  /**
   * @param {object} options
   * @param {() => Promise<Ice>} options.ask for fresh ones
   * @param {() => number} options.skew what the server's clock is ahead, in milliseconds
   * @param {(configuration: RTCConfiguration) => void} options.changed
   * @param {() => number} [options.now]
   */
  constructor({ ask, skew, changed, now = Date.now }) {
    this.options = { ask, skew, changed, now };
    /** @type {RTCConfiguration} */
    this.configuration = { iceServers: [] };
    /** When half of their life is over, by this machine's clock. */
    this.staleAt = Infinity;
    /** @type {Promise<void> | null} */
    this.asking = null;
  }

  /** @param {Ice} ice an event or a reply; what it does not say stays as it was */
  take({ ice_servers, ice_expires_at, ice_transport_policy = this.configuration.iceTransportPolicy }) {
    const now = this.options.now();
    this.configuration = { iceServers: ice_servers, ...(ice_transport_policy ? { iceTransportPolicy: ice_transport_policy } : {}) };
    this.staleAt = ice_expires_at === null ? Infinity : now + (ice_expires_at - this.options.skew() - now) / 2;
    this.options.changed(this.configuration);
  }

  /** To be awaited before a new way is looked for. Never fails: without an answer the old ones are tried. */
  async freshen() {
    if (this.options.now() < this.staleAt) return;
    this.asking ??= this.options.ask().then((ice) => this.take(ice), () => {}).finally(() => { this.asking = null; });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    await Promise.race([this.asking, new Promise((resolve) => { timer = setTimeout(resolve, PATIENCE_MS); })]);
    clearTimeout(timer);
  }
}
