// The signalling client: one session over one connection after the other, requests with answers, mutations that happen once, and coming back.
import { afterClose } from './backoff.js';
import { DOUBTED_WITHIN_MS, Liveness } from './liveness.js';
import { BrokerError, connectionLost, decode, encodeRequest, encodeSignal, KEYED, SUBPROTOCOL } from './protocol.js';
import { makeUuid } from './uuid.js';

/** @typedef {import('./types.js').Phase} Phase */
/** @typedef {import('./types.js').Listener} Listener */
/** @typedef {import('./types.js').Pending} Pending */

const GREETED_WITHIN_MS = 10_000;
/** A connection that takes longer than this was begun in another network, or before the machine slept. */
const FRESH_MS = 3_000;
/** The server asks for a new session. */
const REFRESH = 4000;
const CLOSE_FOR_GOOD = 1000;
const CLOSE_TO_COME_BACK = 4000;
const TRIES = 5;
/** Signals that wait for a connection: more than several negotiations have. */
const MOST_SIGNALS = 256;
const RETRIED = new Set(['too_fast', 'unavailable']);

export class SignallingClient {
  /**
   * @param {object} options
   * @param {string} options.url ws: or wss:
   * @param {Listener} options.listener
   * @param {() => string | undefined} [options.token] for programs; browsers are signed in by their cookie
   * @param {string} [options.name] name/version
   * @param {typeof WebSocket} [options.WebSocket]
   * @param {() => number} [options.random]
   * @param {() => string} [options.uuid]
   */
  constructor({ url, listener, token, name = 'mqm-web/1', WebSocket = globalThis.WebSocket, random = Math.random, uuid = makeUuid }) {
    this.url = url;
    this.listener = listener;
    this.token = token;
    this.name = name;
    this.WebSocket = WebSocket;
    this.random = random;
    this.uuid = uuid;
    /** @type {Phase} */
    this.phase = 'idle';
    /** @type {WebSocket | null} */
    this.socket = null;
    this.attempt = 0;
    this.nextId = 1;
    /**
     * What it takes to go on with the session. In memory only: whoever has it is this client.
     * @type {{session: string, secret: string} | null}
     */
    this.session = null;
    this.lastSeq = 0;
    /** @type {Map<number, Pending>} */
    this.pending = new Map();
    /** @type {Set<Pending>} mutations without an answer yet: they survive the connection, and the session */
    this.unanswered = new Set();
    /** @type {Set<Pending>} signals without an answer yet: they survive the connection */
    this.signals = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.comeBack = undefined;
    /** The server said when to come back. */
    this.isTold = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.greeting = undefined;
    this.connectedAt = 0;
    this.liveness = new Liveness({
      ask: () => this.request('ping').catch(() => {}),
      dead: () => this.ended(1006, ''),
      woke: () => this.wake(),
    });
  }

  start() {
    if (this.phase === 'connecting' || this.phase === 'online') return;
    this.attempt = 0;
    this.liveness.start();
    this.connect();
  }

  /** Ends the session for good; what was not answered is refused with `connection_lost`. */
  stop() {
    this.drop(CLOSE_FOR_GOOD);
    this.forget();
    this.become('idle', {});
  }

  /**
   * To be called when the page is closed or put away: nobody there waits for the session, and the others see that at once. A browser
   * does not always say so by itself. If the page is looked at again, `wake` begins a new session.
   */
  pause() {
    if (this.phase === 'idle' || this.phase === 'over') return;
    this.drop(CLOSE_FOR_GOOD);
    this.forgetSession();
    this.become('lost', {});
  }

  /** To be called when the network came back or the page is looked at again. */
  wake() {
    if (this.phase === 'online') return this.liveness.probe(DOUBTED_WITHIN_MS);
    const stuck = this.phase === 'connecting' && Date.now() - this.connectedAt > FRESH_MS;
    // A server that paces a crowd is not to be hurried.
    if (!stuck && (this.phase !== 'lost' || this.isTold)) return;
    this.attempt = 0;
    this.connect();
  }

  /**
   * @param {string} type
   * @param {object} [body]
   * @returns {Promise<any>} the reply's body; rejects with BrokerError
   */
  request(type, body) {
    return new Promise((resolve, reject) => {
      const key = KEYED.has(type) ? this.uuid() : undefined;
      /** @type {Pending} */
      const pending = { frame: (id) => encodeRequest({ id, type, key, body }), stays: key !== undefined, tries: 0, resolve, reject };
      if (pending.stays) this.unanswered.add(pending);
      if (this.phase === 'online') this.transmit(pending);
      else if (!pending.stays) reject(connectionLost());
    });
  }

  /**
   * Without a connection it waits for one, as long as it is the same session: after that the negotiation may be another one.
   * @param {import('./types.js').SentSignal} signal
   */
  signal(signal) {
    if (this.session === null || this.signals.size >= MOST_SIGNALS) return;
    /** @type {Pending} */
    const pending = {
      frame: (id) => encodeSignal({ id, ...signal }), stays: true, tries: 0,
      resolve() {},
      reject: (error) => this.listener.onError?.(error),
    };
    this.signals.add(pending);
    if (this.phase === 'online') this.transmit(pending);
  }

  /** @param {Phase} phase @param {{code?: string, afterMs?: number}} info */
  become(phase, info) {
    this.phase = phase;
    this.listener.onPhase?.(phase, info);
  }

  connect() {
    this.drop(CLOSE_TO_COME_BACK);
    this.become('connecting', {});
    const socket = new this.WebSocket(this.url, SUBPROTOCOL);
    this.socket = socket;
    this.connectedAt = Date.now();
    this.greeting = setTimeout(() => this.ended(1006, ''), GREETED_WITHIN_MS);
    // Every handler asks whether its socket is still the one: a late event of an old socket must change nothing.
    socket.onopen = () => this.socket === socket && this.hello();
    socket.onmessage = (message) => this.socket === socket && this.hear(message.data);
    socket.onclose = ({ code, reason }) => {
      if (this.socket !== socket) return;
      if (code === REFRESH) this.forgetSession();
      this.ended(code, reason);
    };
  }

  hello() {
    const token = this.token?.();
    const resume = this.session && { ...this.session, seq: this.lastSeq };
    const body = { client: this.name, ...(token ? { token } : {}), ...(resume ? { resume } : {}) };
    this.transmit({
      frame: (id) => encodeRequest({ id, type: 'hello', body }), stays: false, tries: 0,
      resolve: (answer) => this.greeted(answer),
      // The server closes the connection after a refused hello, and the close code says what to do.
      reject: () => {},
    });
  }

  /** @param {import('./types.js').Hello | import('./types.js').Resumed} answer */
  greeted(answer) {
    clearTimeout(this.greeting);
    this.attempt = 0;
    this.session = { session: answer.session, secret: answer.secret };
    if (!answer.resumed) {
      this.lastSeq = answer.seq;
      this.signals.clear();
    }
    this.phase = 'online';
    // Before the listener, whose own new ones would otherwise be sent twice.
    for (const pending of [...this.signals, ...this.unanswered]) this.transmit(pending);
    this.liveness.watch();
    this.become('online', {});
    if (answer.resumed) this.listener.onResumed?.(answer);
    else this.listener.onHello?.(answer);
  }

  /** @param {Pending} pending */
  transmit(pending) {
    const id = this.nextId++;
    this.pending.set(id, pending);
    this.socket?.send(pending.frame(id));
  }

  /** @param {unknown} data */
  hear(data) {
    this.liveness.heard();
    const frame = decode(data);
    if (!frame) return;
    if (frame.is === 'reply') return this.answer(frame);
    const seq = frame.is === 'event' ? frame.event.seq : frame.signal.seq;
    // Something is missing: the server has it still, or says that it has not.
    if (seq !== this.lastSeq + 1) return this.ended(CLOSE_TO_COME_BACK, '');
    this.lastSeq = seq;
    if (frame.is === 'event') this.listener.onEvent?.(frame.event);
    else this.listener.onSignal?.(frame.signal);
  }

  /** @param {Extract<import('./types.js').Frame, {is: 'reply'}>} frame */
  answer(frame) {
    if (frame.re === null) return void (frame.ok || this.listener.onError?.(new BrokerError(frame.error)));
    const pending = this.pending.get(frame.re);
    // To what was sent on an earlier connection, and was sent again or given up since.
    if (!pending) return;
    this.pending.delete(frame.re);
    if (frame.ok) {
      this.settle(pending);
      return pending.resolve(frame.body);
    }
    const error = new BrokerError(frame.error);
    if (RETRIED.has(error.code) && error.retry !== 'never' && ++pending.tries < TRIES) {
      const socket = this.socket;
      setTimeout(() => this.again(pending, socket), error.afterMs ?? 1000);
      return;
    }
    this.settle(pending);
    pending.reject(error);
  }

  /** @param {Pending} pending */
  settle(pending) {
    this.unanswered.delete(pending);
    this.signals.delete(pending);
  }

  /** @param {Pending} pending @param {WebSocket | null} socket */
  again(pending, socket) {
    if (this.socket === socket && this.phase === 'online') this.transmit(pending);
    else if (!pending.stays) pending.reject(connectionLost());
  }

  /** @param {number} code @param {string} reason */
  ended(code, reason) {
    const next = afterClose(code, reason, this.attempt, this.random);
    this.attempt += 1;
    this.drop(CLOSE_TO_COME_BACK);
    if (!next.again) {
      this.forget();
      return this.become('over', { code: next.code });
    }
    this.isTold = next.told;
    this.comeBack = setTimeout(() => this.connect(), next.afterMs);
    this.become('lost', { code: next.code, afterMs: next.afterMs });
  }

  /** @param {number} code what the connection is closed with, if it is not closed yet */
  drop(code) {
    clearTimeout(this.comeBack);
    clearTimeout(this.greeting);
    this.isTold = false;
    this.liveness.unwatch();
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code);
    }
    const lost = [...this.pending.values()].filter((pending) => !pending.stays);
    this.pending.clear();
    for (const pending of lost) pending.reject(connectionLost());
  }

  /** What was signalled in the session means nothing in another one. */
  forgetSession() {
    this.session = null;
    this.lastSeq = 0;
    this.signals.clear();
  }

  /** Nothing will be sent again. */
  forget() {
    this.liveness.stop();
    this.forgetSession();
    for (const mutation of this.unanswered) mutation.reject(connectionLost());
    this.unanswered.clear();
  }
}
