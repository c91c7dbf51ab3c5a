// What may be handed over. The server looks at the content itself; this spares the wait.
import { unfetched } from '../state/life.js';

/** @typedef {import('../signalling/types.js').Consultation} Consultation */
/** @typedef {import('../signalling/types.js').HandedOver} HandedOver */

export const KINDS = /** @type {const} */ (['prescription', 'sick_note', 'letter', 'other']);
export const MOST_BYTES = 10 * 1024 * 1024;
export const MOST_DOCUMENTS = 20;
/** @type {Record<string, string>} */
const EXTENSION = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };
export const ACCEPTED = '.pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png';
const OPEN = ['open', 'in_progress', 'suspended', 'ended'];

/** @param {Consultation} consultation */
export const mayHandOver = ({ state }) => OPEN.includes(state);

/**
 * What the browser says, or else what the name says.
 * @param {{name: string, type: string}} file
 */
export function typeOf({ name, type }) {
  if (type !== '') return type;
  const extension = name.split('.').at(-1)?.toLowerCase().replace('jpeg', 'jpg');
  return Object.keys(EXTENSION).find((known) => EXTENSION[known] === extension) ?? '';
}

/**
 * @param {{name: string, type: string, size: number}} file
 * @param {number} already how many were handed over
 * @returns {string | null} the key of what is wrong with it
 */
export function wrongFile(file, already) {
  const { name, size } = file;
  if (name === '') return 'documents.file_needed';
  if (!(typeOf(file) in EXTENSION)) return 'documents.wrong_type';
  if (size === 0) return 'documents.empty';
  if (size > MOST_BYTES) return 'documents.too_large';
  return already >= MOST_DOCUMENTS ? 'error.too_many_documents' : null;
}

/**
 * The name to save it under, with the extension of its type.
 * @param {string} name @param {HandedOver['type']} type
 */
export function fileName(name, type) {
  const known = type === 'image/jpeg' ? /\.jpe?g$/i : new RegExp(`\\.${EXTENSION[type]}$`, 'i');
  return known.test(name) ? name : `${name}.${EXTENSION[type]}`;
}

/**
 * Documents that came for this person since before.
 * @param {Record<string, Consultation>} before @param {Record<string, Consultation>} after @param {string | undefined} me
 * @returns {HandedOver[]}
 */
export function arrivals(before, after, me) {
  return Object.values(after).filter(({ practitioner }) => practitioner?.id !== me)
    .flatMap((consultation) => unfetched(consultation).filter(({ id }) => !before[consultation.id]?.documents.some((known) => known.id === id)));
}
