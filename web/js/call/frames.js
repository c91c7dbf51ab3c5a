// What the two data channels for talking and giving files carry. Pure: text and bytes in, values out; whatever is not of this form is nothing.

/** @typedef {import('../signalling/types.js').SeatName} SeatName */
/** @typedef {{id: string, name: string, size: number, type: string, sha256: string}} FileOffer `sha256` in hexadecimal */
/**
 * `got`: a text has arrived. `accept`, `refuse` and `failed` (not what was offered) are the receiver's words, `done` too; `cancel` is anybody's.
 * @typedef {{is: 'text', id: string, text: string} | ({is: 'offer'} & FileOffer)
 *   | {is: 'got' | 'accept' | 'refuse' | 'cancel' | 'done' | 'failed', id: string}} Line
 */

/** Characters of one message. */
export const MOST_TEXT = 2_000;
/** Bytes of one file. */
export const MOST_FILE = 20 * 1024 * 1024;
/** Bytes of a file in one frame: what every browser takes in one piece. */
export const CHUNK = 16 * 1024;
const MOST_NAME = 120;
const MOST_LINE = 20_000;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TYPE = /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const ID_BYTES = 16;
const HEADER = ID_BYTES + 4;

/**
 * Without what has no place in a message: controls but line breaks, and what turns the direction of writing.
 * @param {string} text
 */
export function cleanText(text) {
  return limited(text.replace(/\r\n?/g, '\n').replace(/[^\P{C}\n\u200d]/gu, '').trim(), MOST_TEXT);
}

/**
 * A name to save a file under: no folder, no control, and never empty.
 * @param {string} name
 */
export function cleanName(name) {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(/[\p{C}\p{Zl}\p{Zp}<>:"|?*]/gu, '').replace(/^[.\s]+|[.\s]+$/g, '');
  if ([...clean].length <= MOST_NAME) return clean || 'document';
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? '';
  return limited(clean, MOST_NAME - ending.length) + ending;
}

/** @param {string} text @param {number} most characters */
function limited(text, most) {
  const characters = [...text];
  return characters.length > most ? characters.slice(0, most).join('') : text;
}

/** @param {Line} line */
export function encodeLine(line) {
  return JSON.stringify(line);
}

/**
 * @param {unknown} data
 * @returns {Line | null}
 */
export function decodeLine(data) {
  if (typeof data !== 'string' || data.length > MOST_LINE) return null;
  /** @type {any} */
  let said;
  try {
    said = JSON.parse(data);
  } catch {
    return null;
  }
  if (!said || typeof said !== 'object' || typeof said.id !== 'string' || !ID.test(said.id)) return null;
  const { is, id } = said;
  if (is === 'text') {
    const text = typeof said.text === 'string' ? cleanText(said.text) : '';
    return text === '' ? null : { is, id, text };
  }
  if (is === 'offer') return decodeOffer(said);
  return ['got', 'accept', 'refuse', 'cancel', 'done', 'failed'].includes(is) ? { is, id } : null;
}

/** @param {any} said @returns {Line | null} */
function decodeOffer({ id, name, size, type, sha256 }) {
  if (typeof name !== 'string' || !Number.isInteger(size) || size < 1 || size > MOST_FILE) return null;
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return null;
  return { is: 'offer', id, name: cleanName(name), size, type: typeof type === 'string' && TYPE.test(type) ? type : 'application/octet-stream', sha256 };
}

/**
 * Bytes of a file: whose they are (16 bytes), where they begin (4 bytes, the highest first), themselves.
 * @param {string} id
 * @param {number} offset
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
export function encodeChunk(id, offset, bytes) {
  const frame = new Uint8Array(HEADER + bytes.length);
  id.replaceAll('-', '').match(/../g)?.forEach((pair, index) => { frame[index] = parseInt(pair, 16); });
  new DataView(frame.buffer).setUint32(ID_BYTES, offset);
  frame.set(bytes, HEADER);
  return frame;
}

/**
 * @param {unknown} data
 * @returns {{id: string, offset: number, bytes: Uint8Array} | null}
 */
export function decodeChunk(data) {
  if (!(data instanceof ArrayBuffer) || data.byteLength <= HEADER || data.byteLength > HEADER + CHUNK) return null;
  const hex = Array.from(new Uint8Array(data, 0, ID_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id, offset: new DataView(data).getUint32(ID_BYTES), bytes: new Uint8Array(data, HEADER) };
}
