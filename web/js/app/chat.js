// Talking and giving files in a room: what the pages say to each other over their own connections, and nobody else hears (CU-5.2).
import { canDigest, sha256 } from '../call/digest.js';
import { cleanName, cleanText, MOST_FILE } from '../call/frames.js';
import { IncomingFile } from '../call/incoming-file.js';
import { makeUuid } from '../signalling/uuid.js';

/** @typedef {import('../signalling/types.js').SeatName} SeatName */
/** @typedef {import('../state/types.js').ChatEntry} ChatEntry */
/** @typedef {import('../state/types.js').ChatPeer} ChatPeer */

/** In one stay in a room, each way. */
export const MOST_FILES = 20;
const PENDING = new Set(['sent', 'offered', 'moving', 'checking']);
const PROGRESS_BYTES = 256 * 1024;
export const FORM = 'chat';

export class ChatActions {
  /** @param {{store: import('../state/store.js').Store, mesh: () => import('../call/mesh.js').Mesh}} parts */
  constructor({ store, mesh }) {
    this.store = store;
    this.mesh = mesh;
    /** What is being written: the panel may close over it. */
    this.draft = '';
    /** @type {Map<string, File>} */
    this.given = new Map();
    /** @type {Map<string, {seat: SeatName, offer: import('../call/frames.js').FileOffer, file: IncomingFile | null}>} */
    this.coming = new Map();
    /** @type {string[]} */
    this.urls = [];
  }

  /** Of this stay. Nothing of it is left afterwards. */
  clear() {
    this.draft = '';
    this.given.clear();
    this.coming.clear();
    for (const url of this.urls.splice(0)) URL.revokeObjectURL(url);
    this.store.dispatch({ type: 'chat.clear' });
  }

  /**
   * @param {string} text
   * @returns {boolean} false when there is nothing to say, or nobody to hear it
   */
  say(text) {
    const clean = cleanText(text);
    if (clean === '') return false;
    const id = makeUuid();
    const seats = this.tell({ is: 'text', id, text: clean });
    if (seats.length === 0) return this.complain('chat.nobody');
    this.add({ id, text: clean, file: null }, seats, 'sent');
    this.draft = '';
    return true;
  }

  /** @param {File} file */
  async offer(file) {
    if (!canDigest()) return this.complain('chat.file.insecure');
    if (file.size === 0) return this.complain('chat.file.empty');
    if (file.size > MOST_FILE) return this.complain('chat.file.too_large');
    if (this.given.size >= MOST_FILES) return this.complain('chat.file.too_many');
    const id = makeUuid();
    this.given.set(id, file);
    const name = cleanName(file.name);
    const digest = await file.arrayBuffer().then(sha256).catch(() => null);
    if (!this.given.has(id)) return;
    const seats = digest ? this.tell({ is: 'offer', id, name, size: file.size, type: file.type, sha256: digest }) : [];
    if (seats.length > 0) return this.add({ id, text: null, file: { name, size: file.size } }, seats, 'offered');
    this.given.delete(id);
    this.complain(digest ? 'chat.nobody' : 'chat.file.unreadable');
  }

  /** @param {string} id */
  accept(id) {
    const found = this.coming.get(id);
    if (!found || found.file || !this.tellOne(found.seat, { is: 'accept', id })) return;
    found.file = new IncomingFile(found.offer);
    this.peer(id, found.seat, { phase: 'moving' });
  }

  /** @param {string} id */
  refuse(id) {
    this.drop(id, 'refuse', 'refused');
  }

  /**
   * By either side, as long as it is not whole.
   * @param {string} id
   */
  cancel(id) {
    if (this.coming.has(id)) return this.drop(id, 'cancel', 'cancelled');
    for (const [seat, peer] of this.peersOf(id)) {
      if (!PENDING.has(peer.phase)) continue;
      this.tellOne(seat, { is: 'cancel', id });
      this.peer(id, seat, { phase: 'cancelled' });
    }
  }

  /** @param {string} id @param {'refuse' | 'cancel' | 'failed'} is @param {ChatPeer['phase']} phase */
  drop(id, is, phase) {
    const found = this.coming.get(id);
    if (!found) return;
    this.coming.delete(id);
    this.tellOne(found.seat, { is, id });
    this.peer(id, found.seat, { phase });
  }

  /**
   * @param {SeatName} seat
   * @returns {import('../call/exchange.js').ExchangeListener}
   */
  listener(seat) {
    return {
      line: (line) => this.hear(seat, line),
      chunk: (id, offset, bytes) => this.take(seat, id, offset, bytes),
      closed: () => this.lost(seat),
    };
  }

  /** @param {SeatName} seat @param {import('../call/frames.js').Line} line */
  hear(seat, line) {
    const { id } = line;
    if (line.is === 'text') {
      this.received(seat, { id, text: line.text, file: null }, 'got');
      this.tellOne(seat, { is: 'got', id });
    } else if (line.is === 'offer') this.hearOffer(seat, line);
    else if (this.coming.get(id)?.seat === seat) {
      if (line.is !== 'cancel') return;
      this.coming.delete(id);
      this.peer(id, seat, { phase: 'cancelled' });
    } else this.hearAnswer(seat, line);
  }

  /** @param {SeatName} seat @param {Extract<import('../call/frames.js').Line, {is: 'offer'}>} offer */
  hearOffer(seat, offer) {
    const { id, name, size } = offer;
    if (this.coming.has(id) || this.entry(id)) return;
    const many = this.entries().filter(({ mine, file }) => !mine && file).length >= MOST_FILES;
    if (many || !canDigest()) return void this.tellOne(seat, { is: 'refuse', id });
    this.coming.set(id, { seat, offer, file: null });
    this.received(seat, { id, text: null, file: { name, size } }, 'offered');
  }

  /**
   * About what this page said or gave. What does not follow from what was before is not believed.
   * @param {SeatName} seat @param {import('../call/frames.js').Line} line
   */
  hearAnswer(seat, { is, id }) {
    const phase = this.entry(id)?.mine ? this.entry(id)?.peers[seat]?.phase : undefined;
    if (is === 'got' && phase === 'sent') this.peer(id, seat, { phase: 'got' });
    else if (is === 'accept' && phase === 'offered') this.give(seat, id);
    else if (is === 'refuse' && phase === 'offered') this.peer(id, seat, { phase: 'refused' });
    else if (is === 'cancel' && (phase === 'moving' || phase === 'checking')) this.peer(id, seat, { phase: 'cancelled' });
    else if ((is === 'done' || is === 'failed') && phase === 'checking') this.peer(id, seat, { phase: is });
  }

  /** @param {SeatName} seat @param {string} id */
  async give(seat, id) {
    const file = this.given.get(id);
    const exchange = this.mesh().links.get(seat)?.link.exchange;
    if (!file || !exchange) return;
    this.peer(id, seat, { phase: 'moving' });
    const content = await file.arrayBuffer().then((bytes) => new Uint8Array(bytes)).catch(() => null);
    // Changed or gone since it was offered: the other side would refuse it at the end.
    if (content?.length !== file.size) return this.cancel(id);
    const moves = () => this.entry(id)?.peers[seat]?.phase === 'moving';
    const whole = await exchange.give(id, content, {
      stopped: () => !moves(),
      progress: (bytes) => { if (bytes % PROGRESS_BYTES === 0) this.peer(id, seat, { bytes }); },
    });
    if (whole && moves()) this.peer(id, seat, { phase: 'checking', bytes: file.size });
  }

  /** @param {SeatName} seat @param {string} id @param {number} offset @param {Uint8Array} bytes */
  take(seat, id, offset, bytes) {
    const found = this.coming.get(id);
    if (!found?.file || found.seat !== seat) return;
    const became = found.file.take(offset, bytes);
    if (became === 'wrong') return this.drop(id, 'failed', 'failed');
    if (became === 'whole') return void this.check(id, seat, found.file);
    if (found.file.received % PROGRESS_BYTES === 0) this.peer(id, seat, { bytes: found.file.received });
  }

  /** @param {string} id @param {SeatName} seat @param {IncomingFile} file */
  async check(id, seat, file) {
    this.peer(id, seat, { phase: 'checking', bytes: file.size });
    const blob = file.blob();
    const digest = await sha256(await blob.arrayBuffer());
    if (!this.coming.has(id)) return;
    if (digest !== file.sha256) return this.drop(id, 'failed', 'failed');
    this.coming.delete(id);
    const url = URL.createObjectURL(blob);
    this.urls.push(url);
    this.store.dispatch({ type: 'chat.changed', id, change: { url } });
    this.peer(id, seat, { phase: 'done' });
    this.tellOne(seat, { is: 'done', id });
  }

  /** @param {SeatName} seat whose connection is over */
  lost(seat) {
    for (const [id, { seat: from }] of this.coming) if (from === seat) this.coming.delete(id);
    for (const { id, peers } of this.entries()) {
      const phase = peers[seat]?.phase;
      if (phase && PENDING.has(phase)) this.peer(id, seat, { phase: 'lost' });
    }
  }

  /** @param {import('../call/frames.js').Line} line @returns {SeatName[]} those who hear it */
  tell(line) {
    return [...this.mesh().links].filter(([, { link }]) => link.exchange.say(line)).map(([seat]) => seat);
  }

  /** @param {SeatName} seat @param {import('../call/frames.js').Line} line */
  tellOne(seat, line) {
    return this.mesh().links.get(seat)?.link.exchange.say(line) ?? false;
  }

  /** @param {Pick<ChatEntry, 'id' | 'text' | 'file'>} what @param {SeatName[]} seats @param {ChatPeer['phase']} phase */
  add(what, seats, phase) {
    this.store.dispatch({ type: 'form', name: FORM, busy: false });
    const peers = Object.fromEntries(seats.map((seat) => [seat, { phase, bytes: 0 }]));
    this.store.dispatch({ type: 'chat.said', entry: { ...what, mine: true, who: '', at: Date.now(), peers, url: null } });
  }

  /** @param {SeatName} seat @param {Pick<ChatEntry, 'id' | 'text' | 'file'>} what @param {ChatPeer['phase']} phase */
  received(seat, what, phase) {
    const persons = this.store.get().room?.snapshot?.seats.find((entry) => entry.seat === seat)?.persons ?? [];
    const who = persons.map(({ given_name, family_name }) => `${given_name} ${family_name}`).join(', ');
    this.store.dispatch({ type: 'chat.said', entry: { ...what, mine: false, who, at: Date.now(), peers: { [seat]: { phase, bytes: 0 } }, url: null } });
  }

  /** @param {string} id @param {SeatName} seat @param {Partial<ChatPeer>} change */
  peer(id, seat, change) {
    this.store.dispatch({ type: 'chat.peer', id, seat, change });
  }

  entries() {
    return this.store.get().chat.entries;
  }

  /** @param {string} id */
  entry(id) {
    return this.entries().find((entry) => entry.id === id);
  }

  /** @param {string} id */
  peersOf(id) {
    return /** @type {[SeatName, ChatPeer][]} */ (Object.entries(this.entry(id)?.peers ?? {}));
  }

  /** @param {string} key */
  complain(key) {
    this.store.dispatch({ type: 'form', name: FORM, busy: false, errors: { form: key } });
    return false;
  }
}
