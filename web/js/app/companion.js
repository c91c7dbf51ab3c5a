// A guardian who signs in beside the patient, on the device of the patient (CU-6.3b).
import { BrokerError } from '../signalling/protocol.js';
import { attempt, errorKey, notify } from './attempt.js';

/** @typedef {import('../state/store.js').Store} Store */

/** Whether a guardian beside the patient needs a code, too. */
export const COMPANION_CODE = 'accompany-code';

/**
 * Other words than for the person whose page it is.
 * @param {BrokerError} error
 * @returns {Record<string, string>}
 */
function companionError(error) {
  if (error.code === 'wrong_code') return { code: errorKey(error) };
  return { form: error.code === 'consent_required' ? 'accompany.consent_required' : errorKey(error) };
}

export class Companion {
  /** @param {{store: Store, client: import('../signalling/client.js').SignallingClient}} parts */
  constructor({ store, client }) {
    this.store = store;
    this.client = client;
    /**
     * Never written anywhere.
     * @type {string | null}
     */
    this.token = null;
  }

  forget() {
    this.token = null;
  }

  /**
   * @param {string} email
   * @param {string} password
   * @param {string} [code] of a second factor, asked for once the password was right
   */
  async accompany(email, password, code) {
    const { room } = this.store.get();
    if (!room) return;
    const reply = await attempt(this.store, 'accompany', async () => {
      try {
        return await this.client.request('room.accompany', { room: room.id, email, password, ...(code ? { code } : {}) });
      } catch (error) {
        if (!(error instanceof BrokerError) || error.code !== 'second_factor_required') throw error;
        this.store.dispatch({ type: 'open', name: COMPANION_CODE, open: true });
        return undefined;
      }
    }, companionError);
    if (!reply) return;
    this.store.dispatch({ type: 'open', name: COMPANION_CODE, open: false });
    this.token = reply.token;
    this.store.dispatch({ type: 'room.companion', room: room.id, person: reply.guardian });
    this.store.dispatch({ type: 'open', name: 'accompany', open: false });
  }

  /**
   * After the seat was taken again, if somebody sat there before.
   * @param {string} room
   */
  async again(room) {
    if (!this.token) return;
    try {
      const reply = await this.client.request('room.accompany', { room, token: this.token });
      this.token = reply.token;
      this.store.dispatch({ type: 'room.companion', room, person: reply.guardian });
    } catch (error) {
      if (error instanceof BrokerError && error.code === 'connection_lost') return;
      this.token = null;
      this.store.dispatch({ type: 'room.companion', room, person: null });
      notify(this.store, 'calm', 'accompany.again');
    }
  }

  async leave() {
    const { room } = this.store.get();
    if (!room) return;
    this.token = null;
    await attempt(this.store, 'accompany', () => this.client.request('room.unaccompany', { room: room.id }));
    this.store.dispatch({ type: 'room.companion', room: room.id, person: null });
    // What follows is said where the picture was, which the panel would cover on a phone.
    this.store.dispatch({ type: 'open', name: 'accompany', open: false });
  }
}
