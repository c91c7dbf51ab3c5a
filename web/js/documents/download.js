// A document on its way from the server; after a break it goes on with the byte that is missing.
import { BrokerError, connectionLost } from '../signalling/protocol.js';
import { answerOf } from '../signalling/http.js';
import { persist } from './persist.js';

/** @typedef {{parts: Uint8Array[], received: number, etag: string | null}} Part what is here already; it outlives a pause */

/** @returns {Part} */
export const nothingYet = () => ({ parts: [], received: 0, etag: null });

/**
 * @param {object} download
 * @param {number} download.size of the document
 * @param {(from: number, etag: string | null, use: (response: Response) => Promise<void>) => Promise<void>} download.read
 * @param {(bytes: number) => void} download.progress
 * @param {Part} download.part
 * @param {import('./persist.js').Persistence} persistence
 * @returns {Promise<Blob>} as many bytes as it has, or rejects with `content_mismatch`
 */
export async function download({ size, read, progress, part }, persistence) {
  await persist(async (progressed) => {
    while (part.received < size) {
      const before = part.received;
      await read(part.received, part.etag, async (response) => {
        if (!response.ok) await answerOf(response);
        const from = beginsAt(response);
        // It is another one than before, or the server sends all of it.
        if (from !== part.received) {
          if (from !== 0) throw mismatch();
          part.parts = [];
          part.received = 0;
        }
        part.etag = response.headers.get('ETag');
        for await (const bytes of piecesOf(response)) {
          part.parts.push(bytes);
          part.received += bytes.length;
          if (part.received > size) throw mismatch();
          progressed();
          progress(part.received);
        }
      });
      if (part.received === before) throw connectionLost();
    }
  }, persistence);
  return new Blob(part.parts, { type: 'application/octet-stream' });
}

/** @param {Response} response */
function beginsAt(response) {
  if (response.status !== 206) return 0;
  return Number(/^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? NaN);
}

/** @param {Response} response */
async function* piecesOf(response) {
  const reader = response.body?.getReader();
  if (!reader) return;
  for (;;) {
    const { done, value } = await reader.read().catch(() => { throw connectionLost(); });
    if (done) return;
    yield value;
  }
}

function mismatch() {
  return new BrokerError({ code: 'content_mismatch', message: 'not the bytes that were announced', retry: 'never' });
}
