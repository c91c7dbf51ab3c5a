// A document on its way to the server, in chunks; after a break it goes on with the byte that the server says.
import { BrokerError } from '../signalling/protocol.js';
import { persist } from './persist.js';

/**
 * @param {object} upload
 * @param {Blob} upload.file
 * @param {() => Promise<{document: string, received: number, chunk_bytes: number}>} upload.announce
 * @param {(document: string, offset: number, bytes: Blob) => Promise<{received: number}>} upload.send
 * @param {(bytes: number, document: string) => void} upload.progress
 * @param {import('./persist.js').Persistence} persistence
 * @returns {Promise<string>} the document's id, once it is handed over
 */
export function upload({ file, announce, send, progress }, persistence) {
  return persist(async (progressed) => {
    const { document, received, chunk_bytes } = await announce();
    let offset = received;
    progress(offset, document);
    while (offset < file.size) {
      const bytes = file.slice(offset, offset + chunk_bytes);
      const reached = await send(document, offset, bytes).then((answer) => answer.received, (error) => wantedInstead(error, offset));
      if (reached > offset) progressed();
      offset = reached;
      progress(offset, document);
    }
    return document;
  }, persistence);
}

/**
 * @param {unknown} error @param {number} offset
 * @returns {number} where to go on
 */
function wantedInstead(error, offset) {
  const wanted = error instanceof BrokerError && error.code === 'wrong_offset' ? error.details.received : undefined;
  // To be asked for what was just sent would go on for ever.
  if (wanted === undefined || wanted === offset) throw error;
  return wanted;
}
