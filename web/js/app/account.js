// Signing in and out, and staying so.
import { BrokerError } from '../signalling/protocol.js';
import { fullJitter } from '../signalling/backoff.js';
import { signIn, signOut, whoIsSignedIn } from '../signalling/session.js';
import { attempt, errorKey } from './attempt.js';

/** @typedef {import('../state/store.js').Store} Store */

/** The second factor is asked for only once the password was right. */
export const CODE_NEEDED = 'sign-in-code';

export class AccountActions {
  /** @param {{store: Store, client: import('../signalling/client.js').SignallingClient, leaveRoom: () => void, toStart: () => void,
   *   ready: () => Promise<unknown>}} parts `ready`: what must be there before the socket starts */
  constructor({ store, client, leaveRoom, toStart, ready }) {
    this.store = store;
    this.client = client;
    this.leaveRoom = leaveRoom;
    this.toStart = toStart;
    this.ready = ready;
  }

  /** At the start of the page. */
  restore() {
    return this.insist(() => this.enter());
  }

  /** Takes up the session that the browser has; without agreement to the current texts there is no socket (CU-3). */
  async enter() {
    const found = await whoIsSignedIn();
    if (!found) return void this.store.dispatch({ type: 'session.signed_out' });
    this.store.dispatch({ type: 'session.signed_in', account: found.account, consentsNeeded: found.consents_needed, secondFactor: found.second_factor });
    await this.connectIfAgreed();
  }

  /** Takes up what has changed for this person: roles, whom they represent, texts to agree to. The socket starts anew, or waits for an agreement. */
  refresh() {
    this.client.stop();
    return this.insist(async () => {
      const found = await whoIsSignedIn();
      if (!found) return this.signedOut('not_signed_in');
      this.store.dispatch({ type: 'session.changed', change: { account: found.account, consentsNeeded: found.consents_needed, secondFactor: found.second_factor } });
      await this.connectIfAgreed();
    });
  }

  /**
   * Waits for a server that cannot be reached instead of asking for a password again.
   * @param {() => Promise<void>} work @param {number} [tries]
   */
  async insist(work, tries = 0) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.store.dispatch({ type: 'connection', phase: 'lost' });
      setTimeout(() => this.insist(work, tries + 1), fullJitter(tries + 1));
    }
  }

  async connectIfAgreed() {
    await this.ready();
    const { phase, consentsNeeded } = this.store.get().session;
    if (phase === 'signed_in' && consentsNeeded.length === 0) this.client.start();
    else this.store.dispatch({ type: 'connection', phase: 'idle' });
  }

  /** @param {string} email @param {string} password @param {string} [code] */
  async signIn(email, password, code) {
    /** @type {Record<string, string>} */
    const errors = {};
    if (!/^\S+@\S+$/.test(email)) errors.email = 'sign_in.email_needed';
    if (password === '') errors.password = 'sign_in.password_needed';
    if (code === '') errors.code = 'sign_in.code_needed';
    if (Object.keys(errors).length > 0) return this.store.dispatch({ type: 'form', name: 'sign-in', busy: false, errors });
    await attempt(this.store, 'sign-in', async () => {
      try {
        await signIn({ email, password, ...(code ? { code } : {}) });
      } catch (error) {
        if (!(error instanceof BrokerError) || error.code !== 'second_factor_required') throw error;
        this.store.dispatch({ type: 'open', name: CODE_NEEDED, open: true });
        return;
      }
      await this.enter();
    }, (error) => ({ [error.code === 'wrong_code' ? 'code' : 'form']: errorKey(error) }));
  }

  async signOut() {
    this.leaveRoom();
    await attempt(this.store, 'sign-out', async () => {
      try {
        await signOut();
      } catch (error) {
        // Somebody else ended the session already: that is what was wanted.
        if (!(error instanceof BrokerError) || error.code !== 'not_signed_in') throw error;
      }
      this.signedOut();
      // Whoever signs in next need not be the same person.
      this.toStart();
    });
  }

  /** The account is gone, by this tab's own wish or another's. */
  erased() {
    this.leaveRoom();
    this.signedOut('account_erased');
    this.toStart();
  }

  /** @param {string} [why] where it was not this tab's own wish */
  signedOut(why) {
    this.client.stop();
    this.store.dispatch({ type: 'session.signed_out', why });
  }
}
