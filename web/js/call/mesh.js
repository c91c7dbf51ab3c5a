// Every peer connection of a room, following Room.peers: what is not in the list, or has another negotiation, is closed.
import { PeerLink } from './peer-link.js';

/** @typedef {import('../signalling/types.js').SeatName} SeatName */
/** @typedef {import('../signalling/types.js').PeerEntry} PeerEntry */
/** @typedef {import('./peer-link.js').Switches} Switches */

/**
 * The seat that comes first is the impolite one.
 * @type {SeatName[]}
 */
const ORDER = ['practitioner', 'patient', 'guardian1', 'guardian2'];

/**
 * @param {SeatName} you
 * @param {SeatName} other
 */
export function isPolite(you, other) {
  return ORDER.indexOf(you) > ORDER.indexOf(other);
}

export class Mesh {
  /**
   * @param {object} options
   * @param {(signal: Omit<import('../signalling/types.js').SentSignal, 'room'>) => void} options.send
   * @param {(seat: SeatName) => void} options.changed
   * @param {(kind: 'audio' | 'video') => MediaStreamTrack | null} options.localTrack
   * @param {(seat: SeatName) => import('./exchange.js').ExchangeListener} options.exchange who hears what the page at that seat says and gives
   * @param {(seat: SeatName, kind: 'ice_failed' | 'ice_restarted') => void} options.incident
   * @param {import('./ice.js').IceServers} options.ice
   * @param {(configuration: RTCConfiguration) => RTCPeerConnection} [options.connect]
   */
  constructor({ send, changed, localTrack, exchange, incident, ice, connect = (configuration) => new RTCPeerConnection(configuration) }) {
    this.options = { send, changed, localTrack, exchange, incident, ice, connect };
    /** @type {Map<SeatName, {negotiation: number, link: PeerLink}>} */
    this.links = new Map();
    /** @type {Switches} */
    this.switches = { microphone: true, camera: true };
  }

  /**
   * @param {SeatName} you
   * @param {PeerEntry[]} peers
   */
  follow(you, peers) {
    const wanted = new Map(peers.map((peer) => [peer.seat, peer.negotiation]));
    for (const [seat, { negotiation }] of this.links) {
      if (wanted.get(seat) !== negotiation) this.remove(seat);
    }
    for (const peer of peers) {
      if (!this.links.has(peer.seat)) this.add(you, peer);
    }
  }

  /**
   * @param {SeatName} you
   * @param {PeerEntry} peer
   */
  add(you, { seat, negotiation, offers }) {
    const link = new PeerLink({
      connect: () => this.options.connect(this.options.ice.configuration),
      freshen: () => this.options.ice.freshen(),
      polite: isPolite(you, seat),
      offersFirst: offers === you,
      send: (kind, data) => this.options.send({ to: seat, kind, negotiation, data }),
      changed: () => this.options.changed(seat),
      localTrack: this.options.localTrack,
      switches: this.switches,
      exchange: this.options.exchange(seat),
      incident: (kind) => this.options.incident(seat, kind),
    });
    this.links.set(seat, { negotiation, link });
    this.options.changed(seat);
  }

  /** @param {SeatName} seat */
  remove(seat) {
    const entry = this.links.get(seat);
    this.links.delete(seat);
    entry?.link.close();
    this.options.changed(seat);
  }

  /**
   * A signal of a negotiation that this side does not have is late or early by a whole room state: it means nothing here.
   * @param {import('../signalling/types.js').ReceivedSignal} signal
   */
  receive({ from, kind, negotiation, data }) {
    const entry = this.links.get(from);
    if (entry?.negotiation === negotiation) entry.link.receive(kind, data);
  }

  /**
   * The peer connections that there are, for the server to know after it lost sight of this page: the negotiation of each.
   * @returns {Partial<Record<SeatName, number>>}
   */
  connected() {
    return Object.fromEntries([...this.links].filter(([, { link }]) => !link.closed).map(([seat, { negotiation }]) => [seat, negotiation]));
  }

  /**
   * Signals with this seat pass again after some were lost.
   * @param {SeatName} seat
   */
  recover(seat) {
    this.links.get(seat)?.link.recover();
  }

  /** The local tracks are others now. */
  tracksChanged() {
    for (const { link } of this.links.values()) link.sendTracks().catch(() => {});
  }

  /** @param {RTCConfiguration} configuration what a connection uses when it looks for a way the next time */
  configure(configuration) {
    for (const { link } of this.links.values()) link.configure(configuration);
  }

  /** @param {Switches} switches */
  setSwitches(switches) {
    this.switches = { ...switches };
    for (const { link } of this.links.values()) link.setSwitches(switches);
  }

  /** Leaves every connection; the others are told, so that they need not wait for a timeout. */
  sayGoodbye() {
    for (const [seat, { negotiation, link }] of this.links) {
      if (!link.closed) this.options.send({ to: seat, kind: 'bye', negotiation, data: {} });
    }
    this.close();
  }

  close() {
    for (const seat of [...this.links.keys()]) this.remove(seat);
  }
}
