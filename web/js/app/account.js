// Signing in and out, and staying so.
import { BrokerError } from '../signalling/protocol.js';
import { fullJitter } from '../signalling/backoff.js';
import { signIn, signOut, whoIsSignedIn } from '../signalling/session.js';
import { attempt } from './attempt.js';

/** @typedef {import('../state/store.js').Store} Store */

export class AccountActions {
  /** @param {{store: Store, client: import('../signalling/client.js').SignallingClient, leaveRoom: () => void, toStart: () => void}} parts */
  constructor({ store, client, leaveRoom, toStart }) {
    this.store = store;
    this.client = client;
    this.leaveRoom = leaveRoom;
    this.toStart = toStart;
  }

  /** At the start of the page. Waits for a server that cannot be reached instead of asking for a password again. */
  async restore(tries = 0) {
    try {
      const account = await whoIsSignedIn();
      if (account) this.welcome(account);
      else this.store.dispatch({ type: 'session.signed_out' });
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.store.dispatch({ type: 'connection', phase: 'lost' });
      setTimeout(() => this.restore(tries + 1), fullJitter(tries + 1));
    }
  }

  /** @param {import('../signalling/types.js').Account} account */
  welcome(account) {
    this.store.dispatch({ type: 'session.signed_in', account });
    this.client.start();
  }

  /** @param {string} email @param {string} password */
  async signIn(email, password) {
    /** @type {Record<string, string>} */
    const errors = {};
    if (!/^\S+@\S+$/.test(email)) errors.email = 'sign_in.email_needed';
    if (password === '') errors.password = 'sign_in.password_needed';
    if (Object.keys(errors).length > 0) return this.store.dispatch({ type: 'form', name: 'sign-in', busy: false, errors });
    const account = await attempt(this.store, 'sign-in', () => signIn(email, password));
    if (account) this.welcome(account);
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

  /** @param {string} [why] where it was not this tab's own wish */
  signedOut(why) {
    this.client.stop();
    this.store.dispatch({ type: 'session.signed_out', why });
  }
}
