// A peer connection without network: signalling states and the order of operations as in the W3C specification, nothing else.
import { setImmediate as turn } from 'node:timers/promises';

export class FakeStream {
  tracks = [];
  getTracks() { return [...this.tracks]; }
  addTrack(track) { this.tracks.push(track); }
  removeTrack(track) { this.tracks = this.tracks.filter((other) => other !== track); }
}

export class FakePeerConnection {
  signalingState = 'stable';
  connectionState = 'new';
  iceConnectionState = 'new';
  localDescription = null;
  remoteDescription = null;
  transceivers = [];
  candidates = [];
  restarts = 0;
  closed = false;

  /** @param {string} name part of every description, so that a test can tell whose it is */
  constructor(name) { this.name = name; this.made = 0; }

  createDataChannel() { return { readyState: 'connecting', send() {} }; }
  getTransceivers() { return this.transceivers; }
  addTransceiver(trackOrKind, { direction }) {
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    const track = typeof trackOrKind === 'string' ? null : trackOrKind;
    this.transceivers.push(line(kind, track, direction));
    this.needNegotiation();
  }

  /** One event for all changes of a turn. */
  needNegotiation() {
    if (this.needed) return;
    this.needed = true;
    queueMicrotask(() => {
      this.needed = false;
      if (this.signalingState === 'stable') this.onnegotiationneeded?.();
    });
  }
  setConfiguration(configuration) { this.configuration = configuration; }
  restartIce() { this.restarts += 1; this.needNegotiation(); }

  async setLocalDescription() {
    await turn();
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.made += 1;
    this.localDescription = { type, sdp: `${this.name} ${type} ${this.made}` };
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
  }

  async setRemoteDescription(description) {
    await turn();
    if (description.sdp === 'broken') throw new Error('broken');
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') throw new Error('no offer to answer');
    // An offer over an own offer rolls that back, as browsers do.
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    this.remoteDescription = description;
    if (description.type === 'offer' && this.transceivers.length === 0) {
      this.transceivers = ['audio', 'video'].map((kind) => line(kind, null, 'recvonly'));
    }
  }

  async addIceCandidate(candidate) {
    if (!this.remoteDescription) throw new Error('no remote description');
    this.candidates.push(candidate);
  }

  close() { this.closed = true; this.signalingState = 'closed'; }
}

function line(kind, track, direction) {
  const sender = { track, async replaceTrack(next) { sender.track = next; } };
  return { sender, receiver: { track: { kind } }, direction };
}
