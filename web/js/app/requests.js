// What a person asks of their consultations: ask, cancel, claim, open, start, end.
import { BrokerError } from '../signalling/protocol.js';
import { attempt, notify, errorKey } from './attempt.js';

/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../signalling/types.js').EndReason} EndReason */

export class RequestActions {
  /** @param {{store: Store, client: import('../signalling/client.js').SignallingClient, go: (hash: string) => void}} parts */
  constructor({ store, client, go }) {
    this.store = store;
    this.client = client;
    this.go = go;
    /**
     * What the practitioner last chose here; a new connection starts as away otherwise.
     * @type {string | null}
     */
    this.wish = null;
  }

  /** @param {{patient: string, assignment: string, reason: string, payment: string}} request */
  async ask(request) {
    /** @type {Record<string, string>} */
    const errors = {};
    const most = this.store.get().session.limits?.reason_characters ?? 1000;
    if (request.reason.trim() === '') errors.reason = 'ask.reason_needed';
    else if ([...request.reason].length > most) errors.reason = 'ask.reason_too_long';
    if (!request.payment) errors.payment = 'ask.payment_needed';
    if (Object.keys(errors).length > 0) return this.store.dispatch({ type: 'form', name: 'ask', busy: false, errors });
    const reply = await attempt(this.store, 'ask', () => this.client.request('request.create', request), (error) => {
      const forAnother = request.patient !== this.store.get().session.account?.id;
      return { form: error.code === 'consent_required' && forAnother ? 'ask.consent_required' : errorKey(error) };
    });
    if (!reply) return;
    this.store.dispatch({ type: 'consultation', consultation: reply.consultation });
    this.go(`#/consultation/${reply.consultation.id}`);
  }

  /** @param {string} consultation */
  async cancel(consultation) {
    const done = await attempt(this.store, `cancel ${consultation}`, () => this.client.request('request.cancel', { consultation }));
    if (!done) return;
    this.store.dispatch({ type: 'open', name: 'cancel', open: false });
    notify(this.store, 'calm', 'cancel.done');
    this.go('#/');
  }

  /** @param {string} consultation */
  async claim(consultation) {
    await attempt(this.store, `claim ${consultation}`, async () => {
      try {
        const reply = await this.client.request('request.claim', { consultation });
        this.store.dispatch({ type: 'consultation', consultation: reply.consultation });
        notify(this.store, 'good', 'desk.claimed', { name: `${reply.consultation.patient.given_name} ${reply.consultation.patient.family_name}` });
      } catch (error) {
        // Being second is nobody's mistake, and is said as news rather than as an error.
        if (!(error instanceof BrokerError) || error.code !== 'already_claimed') throw error;
        const by = error.details.by;
        notify(this.store, 'calm', by ? 'desk.claimed_by_other' : 'desk.claimed_by_another', by ? { name: by } : {});
      }
    });
    this.tell(`claim ${consultation}`);
  }

  /** @param {string} consultation */
  open(consultation) {
    return attempt(this.store, `open ${consultation}`, () => this.client.request('room.open', { consultation }));
  }

  /** @param {string} consultation @param {string[]} persons */
  async start(consultation, persons) {
    const done = await attempt(this.store, 'attest', () => this.client.request('consultation.start', { consultation, persons }));
    if (done) this.store.dispatch({ type: 'open', name: 'attest', open: false });
  }

  /** @param {string} consultation @param {EndReason} reason */
  async end(consultation, reason) {
    const done = await attempt(this.store, 'end', () => this.client.request('consultation.end', { consultation, reason }));
    if (done) this.store.dispatch({ type: 'open', name: `end ${consultation}`, open: false });
  }

  /** @param {'available' | 'away'} presence */
  async setPresence(presence) {
    this.wish = presence;
    const done = await attempt(this.store, 'presence', () => this.client.request('presence.set', { presence }));
    if (done) this.store.dispatch({ type: 'server.presence', body: { presence } });
    this.tell('presence');
  }

  /** After a lost connection the practitioner is as available as they were before it. */
  restorePresence() {
    const practitioner = this.store.get().session.practitioner;
    const now = practitioner?.presence;
    if (practitioner?.verification !== 'verified') return;
    if (this.wish === 'available' && (now === 'away' || now === 'offline')) this.setPresence('available');
  }

  /**
   * Buttons that have no room for an error of their own tell it as a notice.
   * @param {string} form
   */
  tell(form) {
    const key = this.store.get().forms[form]?.errors.form;
    if (key) notify(this.store, 'error', key);
  }
}
