// Whoever has no connection of signalling yet is told of a maintenance, too (CU-5.1): the service is asked now and then.
import { http } from '../signalling/http.js';

const EVERY_MS = 30_000;

export class MaintenanceWatch {
  /**
   * @param {import('../state/store.js').Store} store
   * @param {() => Promise<{maintenance?: import('../signalling/types.js').Maintenance | null}>} [ask]
   */
  constructor(store, ask = () => http('GET', '/v1/health')) {
    this.store = store;
    this.health = ask;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
  }

  start() {
    this.store.subscribe((state) => this.follow(state));
  }

  /** @param {import('../state/types.js').AppState} state */
  follow({ session }) {
    const apart = session.phase === 'signed_out' || session.consentsNeeded.length > 0;
    if (apart === (this.timer !== undefined)) return;
    if (apart) {
      this.timer = setInterval(() => this.ask(), EVERY_MS);
      this.ask();
    } else {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  async ask() {
    try {
      const { maintenance = null } = await this.health();
      if (this.timer !== undefined) this.store.dispatch({ type: 'maintenance', maintenance });
    } catch {
      // Signing in tells that the service does not answer.
    }
  }
}
