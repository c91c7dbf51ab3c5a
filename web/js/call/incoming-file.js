// A file on its way here: its pieces in order, and no byte more than was offered.

export class IncomingFile {
  /** @param {import('./frames.js').FileOffer} offer */
  constructor({ size, sha256 }) {
    this.size = size;
    this.sha256 = sha256;
    this.received = 0;
    /** @type {Uint8Array[]} */
    this.parts = [];
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} bytes
   * @returns {'more' | 'whole' | 'wrong'}
   */
  take(offset, bytes) {
    if (offset !== this.received || offset + bytes.length > this.size) return 'wrong';
    this.parts.push(bytes);
    this.received += bytes.length;
    return this.received === this.size ? 'whole' : 'more';
  }

  /** Of no type: nothing that another page sent is ever shown as a page of this one. */
  blob() {
    return new Blob(this.parts, { type: 'application/octet-stream' });
  }
}
