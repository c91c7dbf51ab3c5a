// One thing that a person asked for, from the press to its answer: busy meanwhile, and an error they can read.
import { BrokerError } from '../signalling/protocol.js';

/** @typedef {import('../state/store.js').Store} Store */

const NEWS_MS = 10_000;
const AGAIN_MS = 3_000;

/**
 * @template T
 * @param {Store} store
 * @param {string} form where "busy" and errors are shown
 * @param {() => Promise<T>} work
 * @param {(error: BrokerError) => Record<string, string>} [place] which error goes to which field; `form` is none in particular
 * @returns {Promise<T | undefined>} undefined when it was refused, or was already under way
 */
export async function attempt(store, form, work, place = (error) => ({ form: errorKey(error) })) {
  if (store.get().forms[form]?.busy) return undefined;
  store.dispatch({ type: 'form', name: form, busy: true });
  try {
    const result = await work();
    store.dispatch({ type: 'form', name: form, busy: false });
    return result;
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    store.dispatch({ type: 'form', name: form, busy: false, errors: place(error) });
    return undefined;
  }
}

/**
 * The text for an error is chosen by its code alone.
 * @param {BrokerError} error
 */
export function errorKey(error) {
  return `error.${error.code}`;
}

/**
 * @param {Store} store
 * @param {'calm' | 'good' | 'error'} tone
 * @param {string} key
 * @param {Record<string, string>} [values]
 */
export function notify(store, tone, key, values = {}) {
  store.dispatch({ type: 'notice', notice: { tone, key, values } });
  const id = store.get().notices.at(-1)?.id;
  // News goes by itself after enough time to read it twice; an error stays until it is read.
  if (tone !== 'error') dismissLater(store, id, NEWS_MS);
}

/**
 * Not while somebody points at it or has the focus there, nor in a tab that nobody looks at.
 * @param {Store} store @param {number | undefined} id @param {number} afterMs
 */
function dismissLater(store, id, afterMs) {
  setTimeout(() => {
    const read = document.hidden || document.querySelector('.notices:hover, .notices:focus-within');
    if (read) dismissLater(store, id, AGAIN_MS);
    else store.dispatch({ type: 'notice.dismiss', id });
  }, afterMs);
}
