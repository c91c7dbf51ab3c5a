// Going on after a broken connection, until it is done or somebody stops it.
import { fullJitter } from '../signalling/backoff.js';
import { BrokerError } from '../signalling/protocol.js';

const AGAIN = new Set(['connection_lost', 'unavailable', 'too_fast']);
const LEAST_MS = 500;

/** What a person stopped: no error, and nothing to say. */
export class Stopped extends Error {}

/**
 * @typedef {object} Persistence
 * @property {() => boolean} stopped
 * @property {() => void} waiting the connection is gone, and it is tried again by itself
 * @property {(ms: number) => Promise<void>} wait
 */

/**
 * @template T
 * @param {(progressed: () => void) => Promise<T>} work begins where it was each time; it says when it got further
 * @param {Persistence} persistence
 * @returns {Promise<T>} rejects with Stopped, or with an error that trying again does not mend
 */
export async function persist(work, { stopped, waiting, wait }) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work(() => { tries = 0; });
    } catch (error) {
      if (stopped()) throw new Stopped();
      if (!(error instanceof BrokerError) || !AGAIN.has(error.code)) throw error;
      waiting();
      await wait(Math.max(error.afterMs ?? 0, LEAST_MS + fullJitter(tries)));
      if (stopped()) throw new Stopped();
    }
  }
}
