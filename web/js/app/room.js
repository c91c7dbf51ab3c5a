// Being in a room: seat, media and peer connections follow what the server says, and stop when it says so.
import { IceServers } from '../call/ice.js';
import { LocalMedia } from '../call/media.js';
import { Mesh } from '../call/mesh.js';
import { BrokerError } from '../signalling/protocol.js';
import { chosenConsultation, isRunning } from '../state/select.js';
import { ChatActions } from './chat.js';
import { Companion } from './companion.js';
import { Incidents } from './incidents.js';
import { watchRemotes } from './remotes.js';
import { errorKey, notify } from './attempt.js';

/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../signalling/types.js').JoinAs} JoinAs */
/** @typedef {import('../signalling/types.js').SeatName} SeatName */

export class RoomActions {
  /** @param {{store: Store, client: import('../signalling/client.js').SignallingClient}} parts */
  constructor({ store, client }) {
    this.store = store;
    this.client = client;
    this.suspended = false;
    /** The server does not know of the seat any more, and is being asked for it again. Media run on meanwhile. */
    this.isReturning = false;
    /**
     * The room that was left while there was no connection.
     * @type {string | null}
     */
    this.untold = null;
    /** Whether the join that is under way takes the seat from another device. */
    this.takesOver = false;
    /**
     * Seats with a peer connection where nobody is at present: they may be back in a moment.
     * @type {Set<string>}
     */
    this.away = new Set();
    this.companion = new Companion({ store, client });
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
    this.takesOver = takeOver;
    if (room.phase !== 'seated') this.store.dispatch({ type: 'room.joining', room: room.id });
    try {
      const kept = this.mesh.connected();
      const seated = await this.client.request('room.join', { room: room.id, as: room.as, take_over: takeOver, connected: kept });
      if (!this.isWanted(room.id)) return void this.client.request('room.leave', { room: room.id }).catch(() => {});
      this.takesOver = this.isReturning = false;
      this.ice.take(seated);
      this.store.dispatch({ type: 'room.seated', room: room.id, seated });
      this.follow();
      // What was signalled in between is lost. A connection that the server knows by another number is a new one already.
      for (const seat of Object.keys(kept)) this.mesh.recover(/** @type {SeatName} */ (seat));
      if (seated.seat === 'patient') await this.companion.again(room.id);
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.refused(room.id, error);
    }
  }

  /**
   * In this room, or on the way into it.
   * @param {string | null | undefined} id
   */
  isWanted(id) {
    const room = this.room();
    return room?.id === id && (room?.phase === 'joining' || room?.phase === 'seated');
  }

  /** @param {string} id @param {BrokerError} error */
  refused(id, error) {
    // With the next connection it is asked for again. Who left meanwhile has no use for an answer.
    if (error.code === 'connection_lost' || !this.isWanted(id)) return;
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
      this.client.request('room.leave', { room: room.id }).catch(({ code }) => {
        if (code !== 'connection_lost') return;
        this.untold = room.id;
        notify(this.store, 'calm', 'left.untold');
      });
    }
    this.silence();
    this.companion.forget();
    this.store.dispatch({ type: 'room.left', room: room.id });
  }

  forget() {
    this.leave();
    this.store.dispatch({ type: 'room.forget' });
  }

  /** Nothing is sent, received or filmed from here on, and what was said is gone. */
  silence() {
    this.suspended = this.isReturning = this.takesOver = false;
    this.away.clear();
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
    this.followPresence(snapshot);
    if (this.suspended) {
      this.suspended = false;
      this.media.start();
    }
  }

  /**
   * Signals to somebody who is away are lost.
   * @param {import('../signalling/types.js').Room} snapshot
   */
  followPresence({ seats, peers }) {
    const absent = new Set(seats.filter(({ present }) => !present).map(({ seat }) => seat));
    const back = [...this.away].filter((seat) => !absent.has(/** @type {SeatName} */ (seat)));
    this.away = new Set(peers.map(({ seat }) => seat).filter((seat) => absent.has(seat)));
    for (const seat of back) this.mesh.recover(/** @type {SeatName} */ (seat));
  }

  /**
   * Without a connection the server hears of somebody's leaving when there is one again: it may keep a seat for them.
   * @param {string | null} seated in which room, according to the server
   */
  tellOfLeaving(seated) {
    const left = new Set([seated, this.untold]);
    this.untold = null;
    for (const id of left) if (id && !this.isWanted(id)) this.client.request('room.leave', { room: id }).catch(() => {});
  }

  /** A new session: it has no seat. */
  greeted() {
    this.tellOfLeaving(null);
    if (!this.isWanted(this.room()?.id)) return;
    this.isReturning = true;
    this.join(this.takesOver);
  }

  /**
   * The session goes on, and with it the seat; nothing is done to media.
   * @param {string | null} seated in which room, according to the server
   */
  resumed(seated) {
    this.tellOfLeaving(seated);
    // The answer to a join may be lost; joining twice is joining once.
    if (this.room()?.phase === 'joining' || this.isReturning) this.join(this.takesOver);
  }

  /** @param {import('../signalling/types.js').ServerEvent} event */
  hear(event) {
    if (event.type === 'consultations') {
      this.stopCheckWhenOver();
      this.stopWhenOver();
    }
    if (event.room !== this.room()?.id) return;
    if (event.type === 'room.closed' && event.body.why === 'connection_lost') this.greeted();
    else if (event.type === 'room.closed') this.silence();
    else if (event.type === 'room') this.follow();
    else if (event.type === 'ice') this.ice.take(event.body);
  }

  /** It may have ended while this page was away from its room, and was not told there. */
  stopWhenOver() {
    const room = this.room();
    const consultation = room && this.store.get().consultations.byId[room.id];
    if (!room || !consultation || isRunning(consultation) || !this.isWanted(room.id)) return;
    this.silence();
    this.store.dispatch({ type: 'room.over', room: room.id, why: consultation.state === 'cancelled' ? 'cancelled' : 'ended', reason: consultation.end_reason });
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
}
