// Being in a room: seat, media and peer connections follow what the server says, and stop when it says so.
import { IceServers } from '../call/ice.js';
import { LocalMedia } from '../call/media.js';
import { Mesh } from '../call/mesh.js';
import { BrokerError } from '../signalling/protocol.js';
import { chosenConsultation, isRunning } from '../state/select.js';
import { ChatActions } from './chat.js';
import { Incidents } from './incidents.js';
import { watchRemotes } from './remotes.js';
import { attempt, errorKey, notify } from './attempt.js';

/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../signalling/types.js').JoinAs} JoinAs */

/** Whoever comes back sooner than this meets their own ghost, which the server has not noticed yet. */
const GHOST_MS = 10_000;

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

export class RoomActions {
  /** @param {{store: Store, client: import('../signalling/client.js').SignallingClient}} parts */
  constructor({ store, client }) {
    this.store = store;
    this.client = client;
    this.lostAt = 0;
    this.suspended = false;
    /**
     * Of the person beside the patient; never written anywhere.
     * @type {string | null}
     */
    this.companionToken = null;
    /** @type {LocalMedia} */
    this.media = new LocalMedia({
      changed: (media) => {
        store.dispatch({ type: 'media', media });
        this.mesh?.setSwitches(this.switches());
      },
      tracksChanged: () => this.mesh?.tracksChanged(),
      replaced: (kind) => notify(store, 'calm', kind === 'audio' ? 'media.microphone.replaced' : 'media.camera.replaced'),
    });
    this.chat = new ChatActions({ store, mesh: () => this.mesh });
    this.incidents = new Incidents({
      send: (report) => client.request('incident.report', report),
      consultation: () => (this.room()?.phase === 'seated' ? this.room()?.id ?? null : null),
    });
    this.ice = new IceServers({
      ask: () => client.request('ice.refresh', { room: this.room()?.id ?? '' }),
      skew: () => store.get().session.skew,
      changed: (configuration) => this.mesh.configure(configuration),
    });
    /** @type {Mesh} */
    this.mesh = new Mesh({
      send: (signal) => client.signal({ room: this.room()?.id ?? '', ...signal }),
      changed: (seat) => this.remotes.changed(seat),
      localTrack: (kind) => this.media.track(kind),
      exchange: (seat) => this.chat.listener(seat),
      incident: (seat, kind) => this.incidents.trouble(seat, kind),
      ice: this.ice,
    });
    this.remotes = watchRemotes(store, this.mesh, this.incidents);
  }

  room() {
    return this.store.get().room;
  }

  switches() {
    const { microphone, camera } = this.media.state;
    return { microphone: microphone && this.media.track('audio') !== null, camera: camera && this.media.track('video') !== null };
  }

  /** @param {string} seat */
  stream(seat) {
    return seat === 'self' ? this.media.stream : this.mesh.links.get(/** @type {'patient'} */ (seat))?.link.stream ?? null;
  }

  /** @param {'audio' | 'video'} kind @param {string} deviceId */
  isUsed(kind, deviceId) {
    return this.media.track(kind)?.getSettings().deviceId === deviceId;
  }

  /** The picture of oneself, before any room. */
  async check() {
    await this.media.start();
  }

  /** @param {string} id @param {JoinAs} as */
  async enter(id, as) {
    if (this.room() && this.room()?.id !== id) this.leave();
    this.store.dispatch({ type: 'room.prepare', id, as });
    this.incidents.begin();
    // The camera comes before the seat: the others should see a person, not a person looking for a permission.
    const live = await this.media.start();
    const room = this.room();
    if (live && room?.id === id && room.phase === 'preparing') await this.join(false);
    else if (!room && this.media.state.phase === 'live') this.media.stop();
  }

  /** @param {boolean} takeOver */
  async join(takeOver) {
    const room = this.room();
    if (!room) return;
    if (room.phase !== 'seated') this.store.dispatch({ type: 'room.joining', room: room.id });
    try {
      const seated = await this.client.request('room.join', { room: room.id, as: room.as, take_over: takeOver });
      if (this.room()?.id !== room.id) return void this.client.request('room.leave', { room: room.id }).catch(() => {});
      this.ice.take(seated);
      this.store.dispatch({ type: 'room.seated', room: room.id, seated });
      this.follow();
      if (this.companionToken && seated.seat === 'patient') await this.accompanyAgain(room.id, this.companionToken);
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.refused(room.id, error);
    }
  }

  /** @param {string} id @param {BrokerError} error */
  refused(id, error) {
    // The next hello joins again.
    if (error.code === 'connection_lost') return;
    this.silence();
    if (error.code === 'seat_taken') this.store.dispatch({ type: 'room.seat_taken', room: id, by: error.details.by });
    else if (error.code === 'consultation_ended') this.store.dispatch({ type: 'room.over', room: id, why: 'ended' });
    else if (error.code === 'consultation_cancelled') this.store.dispatch({ type: 'room.over', room: id, why: 'cancelled' });
    else {
      this.store.dispatch({ type: 'room.left', room: id });
      notify(this.store, 'error', errorKey(error));
    }
  }

  /** After taking a seat elsewhere, or after another tab took it. */
  async comeBackHere() {
    const room = this.room();
    if (!room) return;
    this.store.dispatch({ type: 'room.prepare', id: room.id, as: room.as });
    await this.media.start();
    if (this.room()?.id === room.id) await this.join(true);
  }

  leave() {
    const room = this.room();
    if (!room) return;
    if (room.phase === 'seated') {
      this.mesh.sayGoodbye();
      this.client.request('room.leave', { room: room.id }).catch(() => {});
    }
    this.silence();
    this.companionToken = null;
    this.store.dispatch({ type: 'room.left', room: room.id });
  }

  forget() {
    this.leave();
    this.store.dispatch({ type: 'room.forget' });
  }

  /** Nothing is sent, received or filmed from here on, and what was said is gone. */
  silence() {
    this.suspended = false;
    this.mesh.close();
    this.media.stop();
    this.chat.clear();
  }

  /** Brings media and peer connections in line with the room's state. */
  follow() {
    const snapshot = this.room()?.phase === 'seated' ? this.room()?.snapshot : null;
    if (!snapshot) return;
    if (snapshot.state === 'suspended') {
      this.suspended = true;
      this.mesh.close();
      this.media.stop();
      return;
    }
    this.mesh.follow(snapshot.you, snapshot.peers);
    if (this.suspended) {
      this.suspended = false;
      this.media.start();
    }
  }

  connectionLost() {
    this.lostAt = Date.now();
  }

  greeted() {
    const phase = this.room()?.phase;
    if (phase === 'seated') this.join(Date.now() - this.lostAt < GHOST_MS);
    else if (phase === 'joining') this.join(false);
  }

  /** @param {import('../signalling/types.js').ServerEvent} event */
  hear(event) {
    if (event.type === 'consultations') this.stopCheckWhenOver();
    if (event.room !== this.room()?.id) return;
    if (event.type === 'room.closed') this.silence();
    else if (event.type === 'room') this.follow();
    else if (event.type === 'ice') this.ice.take(event.body);
  }

  /** A camera that is only being tried must not outlive the consultation that it is tried for. */
  stopCheckWhenOver() {
    const chosen = chosenConsultation(this.store.get());
    if (chosen && (!isRunning(chosen) || chosen.state === 'refused') && this.room()?.phase !== 'seated') this.silence();
  }

  /** @param {import('../signalling/types.js').ReceivedSignal} signal */
  receive(signal) {
    if (signal.room === this.room()?.id) this.mesh.receive(signal);
  }

  /**
   * @param {string} email
   * @param {string} password
   * @param {string} [code] of a second factor, asked for once the password was right
   */
  async accompany(email, password, code) {
    const room = this.room();
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
    this.companionToken = reply.token;
    this.store.dispatch({ type: 'room.companion', room: room.id, person: reply.guardian });
    this.store.dispatch({ type: 'open', name: 'accompany', open: false });
  }

  /** @param {string} id @param {string} token */
  async accompanyAgain(id, token) {
    try {
      const reply = await this.client.request('room.accompany', { room: id, token });
      this.companionToken = reply.token;
      this.store.dispatch({ type: 'room.companion', room: id, person: reply.guardian });
    } catch (error) {
      if (error instanceof BrokerError && error.code === 'connection_lost') return;
      this.companionToken = null;
      this.store.dispatch({ type: 'room.companion', room: id, person: null });
      notify(this.store, 'calm', 'accompany.again');
    }
  }

  async unaccompany() {
    const room = this.room();
    if (!room) return;
    this.companionToken = null;
    await attempt(this.store, 'accompany', () => this.client.request('room.unaccompany', { room: room.id }));
    this.store.dispatch({ type: 'room.companion', room: room.id, person: null });
    // What follows is said where the picture was, which the panel would cover on a phone.
    this.store.dispatch({ type: 'open', name: 'accompany', open: false });
  }
}
