// Documents over HTTP: docs/openapi.yaml, tag "documents".
import { answerOf, http, reach } from '../signalling/http.js';

/** @typedef {import('../signalling/types.js').HandedOver} HandedOver */

const part = encodeURIComponent;
const all = (/** @type {string} */ consultation) => `/v1/consultations/${part(consultation)}/documents`;
const one = (/** @type {string} */ consultation, /** @type {string} */ id) => `${all(consultation)}/${part(id)}`;

/**
 * @param {string} consultation
 * @param {{key: string, name: string, kind: string, type: string, size: number}} what the same key again: the same document, and how much of it is there
 * @param {AbortSignal} signal
 * @returns {Promise<{document: string, received: number, chunk_bytes: number}>}
 */
export async function announce(consultation, what, signal) {
  return answerOf(await reach('POST', all(consultation), { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(what), signal }));
}

/**
 * @param {string} consultation @param {string} id @param {number} offset @param {Blob} bytes @param {number} size of the whole
 * @param {AbortSignal} signal
 * @returns {Promise<{received: number}>} rejects with `wrong_offset` (`details.received`) when other bytes are wanted
 */
export async function sendChunk(consultation, id, offset, bytes, size, signal) {
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-Range': `bytes ${offset}-${offset + bytes.size - 1}/${size}` };
  return answerOf(await reach('PUT', `${one(consultation, id)}/content`, { headers, body: bytes, signal }));
}

/**
 * @param {string} consultation @param {string} id @param {number} from @param {string | null} etag of what is there already
 * @param {AbortSignal} signal
 */
export function readFrom(consultation, id, from, etag, signal) {
  const headers = { Range: `bytes=${from}-`, ...(etag ? { 'If-Range': etag } : {}) };
  return reach('GET', `${one(consultation, id)}/content`, { headers, signal });
}

/** @param {string} consultation @param {string} id @param {string} sha256 of what was received */
export function confirmFetched(consultation, id, sha256) {
  return http('POST', `${one(consultation, id)}/fetched`, { sha256 });
}

/** @param {string} consultation @param {string} id */
export function withdraw(consultation, id) {
  return http('DELETE', one(consultation, id));
}
