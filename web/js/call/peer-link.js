// One peer connection, from its first offer to its end: the W3C "perfect negotiation" pattern with a named first offerer.
// Both media lines exist from the first offer on, so that a camera that comes later, goes or changes needs no new negotiation.

import { opposite, roleIn, withRole } from './dtls-role.js';
import { Exchange } from './exchange.js';
import { afterSecond, FREE, limit, OFF, readUplink } from './uplink.js';

/** @typedef {import('../signalling/types.js').SignalKind} SignalKind */
/** @typedef {{microphone: boolean, camera: boolean, paused?: boolean}} Switches paused: by a weak network */
/**
 * @typedef {object} PeerLinkOptions
 * @property {() => RTCPeerConnection} connect
 * @property {() => Promise<void>} freshen awaited before a new way is looked for
 * @property {boolean} polite gives way when two offers meet
 * @property {boolean} offersFirst
 * @property {(kind: SignalKind, data: object) => void} send
 * @property {() => void} changed something worth showing changed
 * @property {(kind: 'audio' | 'video') => MediaStreamTrack | null} localTrack
 * @property {Switches} switches
 * @property {import('./exchange.js').ExchangeListener} exchange
 * @property {(kind: 'ice_failed' | 'ice_restarted') => void} incident
 */

const PATIENCE_MS = 3_000;
const RESTART_AGAIN_MS = 6_000;

export class PeerLink {
  /** @param {PeerLinkOptions} options */
  constructor(options) {
    this.options = options;
    this.makingOffer = false;
    this.ignoreOffer = false;
    this.isSettingRemoteAnswerPending = false;
    this.closed = false;
    /**
     * Candidates that overtook their description.
     * @type {RTCIceCandidateInit[]}
     */
    this.early = [];
    /**
     * What the other side says about its switches; a muted track cannot be told from a silent one otherwise.
     * @type {Switches}
     */
    this.remoteSwitches = { microphone: true, camera: true };
    this.switches = { ...options.switches };
    /**
     * Of the other side, since the first answer.
     * @type {import('./dtls-role.js').DtlsRole | null}
     */
    this.role = null;
    this.uplink = FREE;
    /** The step that the senders were told last. */
    this.told = -1;
    this.stream = new MediaStream();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.restart = undefined;
    this.pc = options.connect();
    this.listen();
    this.channel = this.pc.createDataChannel('switches', { negotiated: true, id: 0 });
    this.channel.onopen = () => this.sendSwitches();
    this.channel.onmessage = (event) => this.hearSwitches(event.data);
    this.exchange = new Exchange(this.pc, options.exchange);
    if (options.offersFirst) {
      for (const kind of /** @type {const} */ (['audio', 'video'])) {
        const track = options.localTrack(kind);
        this.pc.addTransceiver(track ?? kind, { direction: 'sendrecv' });
      }
    }
  }

  listen() {
    const { pc, options } = this;
    pc.onnegotiationneeded = () => this.offer();
    pc.onicecandidate = ({ candidate }) => {
      if (candidate && candidate.candidate !== '') options.send('candidate', candidate.toJSON());
      else if (!candidate) options.send('end_of_candidates', {});
    };
    pc.ontrack = ({ track }) => {
      if (!this.stream.getTracks().includes(track)) this.stream.addTrack(track);
      options.changed();
    };
    pc.onconnectionstatechange = () => options.changed();
    pc.oniceconnectionstatechange = () => this.watchIce();
  }

  async offer() {
    // The side that is not named waits for the first offer, and answers with its own tracks.
    if (this.closed || (!this.options.offersFirst && !this.pc.remoteDescription)) return;
    try {
      this.makingOffer = true;
      await this.pc.setLocalDescription();
      if (!this.closed && this.pc.localDescription) this.sendDescription(this.pc.localDescription);
    } catch {
      this.options.changed();
    } finally {
      this.makingOffer = false;
    }
  }

  /**
   * @param {SignalKind} kind
   * @param {any} data
   */
  async receive(kind, data) {
    if (this.closed) return;
    try {
      if (kind === 'offer' || kind === 'answer') await this.receiveDescription({ type: kind, sdp: data.sdp });
      else if (kind === 'candidate') await this.receiveCandidate(data);
      else if (kind === 'bye') this.close();
    } catch {
      // A broken description or candidate of the other side must not end this page; ICE failure starts anew.
      this.options.changed();
    }
  }

  /** @param {RTCSessionDescriptionInit} description */
  async receiveDescription(description) {
    const { pc } = this;
    const ready = !this.makingOffer && (pc.signalingState === 'stable' || this.isSettingRemoteAnswerPending);
    const collision = description.type === 'offer' && !ready;
    this.ignoreOffer = !this.options.polite && collision;
    if (this.ignoreOffer) return;
    this.isSettingRemoteAnswerPending = description.type === 'answer';
    try {
      await pc.setRemoteDescription(this.inItsRole(description));
    } finally {
      this.isSettingRemoteAnswerPending = false;
    }
    await this.addEarlyCandidates();
    if (description.type !== 'offer' || this.closed) return;
    await this.sendTracks();
    await pc.setLocalDescription();
    this.role ??= opposite(roleIn(pc.localDescription?.sdp ?? ''));
    if (!this.closed && pc.localDescription) this.sendDescription(pc.localDescription);
  }

  /** @param {RTCSessionDescriptionInit} description */
  inItsRole(description) {
    const { type, sdp = '' } = description;
    if (type !== 'answer') return description;
    this.role ??= roleIn(sdp);
    return this.role ? { type, sdp: withRole(sdp, this.role) } : description;
  }

  /** @param {RTCIceCandidateInit} candidate */
  async receiveCandidate(candidate) {
    if (!this.pc.remoteDescription) {
      if (!this.ignoreOffer) this.early.push(candidate);
      return;
    }
    await this.pc.addIceCandidate(candidate).catch((error) => {
      if (!this.ignoreOffer) throw error;
    });
  }

  async addEarlyCandidates() {
    for (const candidate of this.early.splice(0)) await this.pc.addIceCandidate(candidate).catch(() => {});
  }

  /** @param {RTCSessionDescription} description */
  sendDescription({ type, sdp }) {
    if (type === 'offer' || type === 'answer') this.options.send(type, { type, sdp });
  }

  /** Puts the local tracks, as they are now, on the two media lines. */
  async sendTracks() {
    for (const transceiver of this.pc.getTransceivers()) {
      const kind = /** @type {'audio' | 'video'} */ (transceiver.receiver.track.kind);
      const track = this.options.localTrack(kind);
      if (transceiver.sender.track !== track) await transceiver.sender.replaceTrack(track);
      if (transceiver.direction === 'recvonly') transceiver.direction = 'sendrecv';
    }
  }

  /** @param {Switches} switches */
  setSwitches(switches) {
    this.switches = { ...switches };
    this.sendSwitches();
  }

  sendSwitches() {
    if (this.channel.readyState === 'open') this.channel.send(JSON.stringify({ ...this.switches, paused: this.uplink.step === OFF }));
  }

  /**
   * To be called once a second while connected.
   * @param {RTCStatsReport} report
   */
  async followUplink(report) {
    this.uplink = afterSecond(this.uplink, readUplink(report));
    const { step } = this.uplink;
    if (step === this.told || this.closed) return;
    this.told = step;
    this.sendSwitches();
    await limit(this.pc, step);
  }

  /** @param {unknown} text */
  hearSwitches(text) {
    try {
      const said = JSON.parse(String(text));
      this.remoteSwitches = { microphone: said.microphone !== false, camera: said.camera !== false, paused: said.paused === true };
    } catch {
      return;
    }
    this.options.changed();
  }

  watchIce() {
    const state = this.pc.iceConnectionState;
    if (state === 'failed') {
      this.options.incident('ice_failed');
      this.restartIce(0);
    } else if (state === 'disconnected') this.restartIce(PATIENCE_MS);
    else if (state === 'connected' || state === 'completed') this.calm();
    this.options.changed();
  }

  /** @param {number} afterMs */
  restartIce(afterMs) {
    clearTimeout(this.restart);
    const timer = setTimeout(async () => {
      await this.options.freshen();
      // Meanwhile it may have found its way again, or ended.
      if (this.closed || this.restart !== timer) return;
      this.options.incident('ice_restarted');
      this.pc.restartIce();
      this.restartIce(RESTART_AGAIN_MS);
    }, afterMs);
    this.restart = timer;
  }

  /** @param {RTCConfiguration} configuration */
  configure(configuration) {
    if (!this.closed) this.pc.setConfiguration(configuration);
  }

  /** What was signalled for a while was lost: what is not finished begins again, what is connected goes on as it is. */
  recover() {
    if (this.closed) return;
    if (this.pc.signalingState === 'have-local-offer') this.offer();
    else if (this.pc.remoteDescription && this.pc.connectionState !== 'connected') this.restartIce(0);
  }

  calm() {
    clearTimeout(this.restart);
    this.restart = undefined;
  }

  /** Also stops what came from the other side: nothing may be played after a connection had to end. */
  close() {
    if (this.closed) return;
    this.closed = true;
    this.calm();
    const { pc } = this;
    pc.onnegotiationneeded = pc.onicecandidate = pc.ontrack = null;
    pc.onconnectionstatechange = pc.oniceconnectionstatechange = null;
    this.channel.onopen = this.channel.onmessage = null;
    this.exchange.close();
    for (const track of this.stream.getTracks()) {
      track.stop();
      this.stream.removeTrack(track);
    }
    pc.close();
    this.options.changed();
  }
}
