// Words and files between two pages: two data channels of their peer connection, and nothing of it on the server.
import { CHUNK, decodeChunk, decodeLine, encodeChunk, encodeLine } from './frames.js';

/**
 * @typedef {object} ExchangeListener
 * @property {(line: import('./frames.js').Line) => void} line
 * @property {(id: string, offset: number, bytes: Uint8Array) => void} chunk
 * @property {() => void} closed once; nothing comes or goes afterwards
 */

/** Bytes that wait in the browser: enough to keep the line busy, too few to make a word wait. */
const MOST_WAITING = 256 * 1024;
const MOST_EARLY = 100;
const FEW_WAITING = 64 * 1024;

export class Exchange {
  /** @param {RTCPeerConnection} pc @param {ExchangeListener} listener */
  constructor(pc, listener) {
    this.listener = listener;
    this.over = false;
    /** @type {(() => void)[]} */
    this.waiting = [];
    /**
     * Said before the other side could hear it.
     * @type {import('./frames.js').Line[]}
     */
    this.early = [];
    // Fixed numbers on both sides, so that they need no negotiation and live as long as the connection, through every restart of its ICE.
    this.lines = pc.createDataChannel('lines', { negotiated: true, id: 1 });
    this.chunks = pc.createDataChannel('chunks', { negotiated: true, id: 2 });
    this.chunks.binaryType = 'arraybuffer';
    this.chunks.bufferedAmountLowThreshold = FEW_WAITING;
    this.lines.onopen = this.chunks.onopen = () => this.isOpen && this.early.splice(0).forEach((line) => this.say(line));
    this.lines.onmessage = ({ data }) => {
      const line = decodeLine(data);
      if (line) listener.line(line);
    };
    this.chunks.onmessage = ({ data }) => {
      const chunk = decodeChunk(data);
      if (chunk) listener.chunk(chunk.id, chunk.offset, chunk.bytes);
    };
    this.chunks.onbufferedamountlow = () => this.goOn();
    this.lines.onclose = this.chunks.onclose = () => this.close();
  }

  get isOpen() {
    return !this.over && this.lines.readyState === 'open' && this.chunks.readyState === 'open';
  }

  /**
   * @param {import('./frames.js').Line} line
   * @returns {boolean} false when it will not be heard
   */
  say(line) {
    if (this.isOpen) this.lines.send(encodeLine(line));
    else if (!this.over && this.early.length < MOST_EARLY) this.early.push(line);
    else return false;
    return true;
  }

  /**
   * @param {string} id
   * @param {Uint8Array} content
   * @param {{progress: (bytes: number) => void, stopped: () => boolean}} watch
   * @returns {Promise<boolean>} false when it did not get to the end
   */
  async give(id, content, { progress, stopped }) {
    for (let offset = 0; offset < content.length; offset += CHUNK) {
      if (this.chunks.bufferedAmount > MOST_WAITING) await new Promise((resolve) => { this.waiting.push(() => resolve(undefined)); });
      if (!this.isOpen || stopped()) return false;
      const bytes = content.subarray(offset, offset + CHUNK);
      this.chunks.send(encodeChunk(id, offset, bytes));
      progress(offset + bytes.length);
    }
    return true;
  }

  goOn() {
    for (const resume of this.waiting.splice(0)) resume();
  }

  close() {
    if (this.over) return;
    this.over = true;
    for (const channel of [this.lines, this.chunks]) channel.onopen = channel.onmessage = channel.onclose = null;
    this.chunks.onbufferedamountlow = null;
    this.goOn();
    this.listener.closed();
  }
}
