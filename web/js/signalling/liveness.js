// Whether the server is still at the other end, and whether this page slept: neither is told by the browser.

const TICK_MS = 1_000;
/** Sooner than the server, which counts somebody as gone after 9 s of silence: whoever comes back before that was never away. */
const ASK_AFTER_MS = 4_000;
const ANSWER_WITHIN_MS = 3_000;
/** Where there is a reason to doubt: the page slept, or the network is another one. */
export const DOUBTED_WITHIN_MS = 2_000;
/** A clock that jumps by so much stood still with the machine, or the page was frozen. */
const SLEPT_MS = 4_000;

export class Liveness {
  /**
   * @param {object} parts
   * @param {() => void} parts.ask sends something that is answered at once
   * @param {() => void} parts.dead there was no answer
   * @param {() => void} parts.woke the page slept, however the connection is
   * @param {() => number} [parts.now] milliseconds of a clock that goes on while the machine sleeps
   */
  constructor({ ask, dead, woke, now = Date.now }) {
    this.parts = { ask, dead, woke, now };
    this.lastHeard = 0;
    this.lastTick = 0;
    this.isWatching = false;
    /** @type {{at: number, within: number} | null} */
    this.asked = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.ticker = undefined;
  }

  start() {
    this.lastTick = this.parts.now();
    this.ticker ??= setInterval(() => this.tick(), TICK_MS);
  }

  stop() {
    this.unwatch();
    clearInterval(this.ticker);
    this.ticker = undefined;
  }

  /** There is a connection. */
  watch() {
    this.isWatching = true;
    this.asked = null;
    this.heard();
  }

  /** There is none. */
  unwatch() {
    this.isWatching = false;
    this.asked = null;
  }

  heard() {
    this.lastHeard = this.parts.now();
    this.asked = null;
  }

  /** @param {number} within milliseconds for the answer */
  probe(within) {
    const at = this.parts.now();
    const until = this.asked ? this.asked.at + this.asked.within : Infinity;
    this.asked = at + within < until ? { at, within } : this.asked;
    this.parts.ask();
  }

  tick() {
    const now = this.parts.now();
    const slept = now - this.lastTick > SLEPT_MS;
    this.lastTick = now;
    if (this.asked && now - this.asked.at >= this.asked.within) return this.parts.dead();
    if (slept) return this.parts.woke();
    if (!this.isWatching) return;
    if (!this.asked && now - this.lastHeard >= ASK_AFTER_MS) this.probe(ANSWER_WITHIN_MS);
  }
}
