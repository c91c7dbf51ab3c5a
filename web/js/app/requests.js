// What a person asks of their consultations, from asking for one to closing it.
import { BrokerError } from '../signalling/protocol.js';
import { newsOf } from '../state/life.js';
import { isInRoom } from '../state/select.js';
import { attempt, notify, errorKey } from './attempt.js';

/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../signalling/types.js').EndReason} EndReason */
/** @typedef {import('../signalling/types.js').Grounds} Grounds */

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
      if (error.code === 'maintenance') this.store.dispatch({ type: 'maintenance', maintenance: error.details });
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

  /**
   * Puts the request before every practitioner.
   * @param {string} consultation
   */
  async unassign(consultation) {
    const reply = await attempt(this.store, `unassign ${consultation}`, () => this.client.request('request.unassign', { consultation }));
    if (!reply) return this.tell(`unassign ${consultation}`);
    this.store.dispatch({ type: 'consultation', consultation: reply.consultation });
    notify(this.store, 'good', 'change.unassigned');
  }

  /** @param {string} consultation @param {import('../signalling/types.js').Named | null} physician null when none was chosen yet */
  async assign(consultation, physician) {
    if (!physician) return this.store.dispatch({ type: 'form', name: 'assign', busy: false, errors: { form: 'change.choose' } });
    const reply = await attempt(this.store, 'assign', () => this.client.request('request.assign', { consultation, physician: physician.id }));
    if (!reply) return;
    this.store.dispatch({ type: 'consultation', consultation: reply.consultation });
    this.store.dispatch({ type: 'open', name: 'assign', open: false });
    notify(this.store, 'good', 'change.assigned', { name: physician.family_name });
  }

  /** @param {string} consultation @param {Grounds} grounds */
  async refuse(consultation, grounds) {
    const name = `refuse ${consultation}`;
    const done = await attempt(this.store, name, () => this.client.request('request.refuse', { consultation, grounds }));
    if (!done) return;
    this.store.dispatch({ type: 'open', name, open: false });
    notify(this.store, 'calm', 'refuse.done');
  }

  /** @param {string} consultation */
  async release(consultation) {
    const name = `release ${consultation}`;
    const done = await attempt(this.store, name, () => this.client.request('request.release', { consultation }));
    if (!done) return;
    this.store.dispatch({ type: 'open', name, open: false });
    notify(this.store, 'calm', 'release.done');
  }

  /**
   * For good: reason and documents are destroyed.
   * @param {string} consultation @param {'confirm' | 'close'} how by the patient's side, or by the practitioner
   */
  async close(consultation, how) {
    const name = `close ${consultation}`;
    const done = await attempt(this.store, name, () => this.client.request(`consultation.${how}`, { consultation }));
    if (done) this.store.dispatch({ type: 'open', name, open: false });
  }

  /**
   * Tells what the page does not show by itself.
   * @param {import('../signalling/types.js').ServerEvent} event @param {import('../state/types.js').AppState} before
   */
  hear(event, before) {
    const state = this.store.get();
    for (const { tone, key, values } of newsOf(before, state, event)) notify(this.store, tone, key, values);
    if (event.type === 'maintenance' && state.maintenance && isInRoom(state)) notify(this.store, 'calm', 'maintenance.in_call', { message: state.maintenance.message });
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
