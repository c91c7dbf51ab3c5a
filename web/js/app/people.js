// What the pages about people do: load what they show, send what was written, and hear that the session or the texts have changed.
import { BrokerError } from '../signalling/protocol.js';
import { attempt, errorKey, notify } from './attempt.js';

/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {Record<string, string>} Values what a form holds, by field */
/**
 * @template T
 * @typedef {object} Submission
 * @property {string} form where "busy" and errors are shown
 * @property {string[]} fields that the form has, for errors that name one
 * @property {Record<string, string | false | undefined>} [errors] found by the page itself, by field; then nothing is sent
 * @property {() => Promise<T>} work
 */

/** Errors that are about one field although the server names none. */
/** @type {Record<string, string[]>} */
const ABOUT = {
  wrong_code: ['code'], second_factor_required: ['code'], rpps_taken: ['rpps'], email_taken: ['email'], has_guardians: ['protection'],
  wrong_credentials: ['current', 'password'],
};

export class PeopleActions {
  /** @param {{store: Store, account: import('./account.js').AccountActions, go: (hash: string) => void}} parts */
  constructor({ store, account, go }) {
    this.store = store;
    this.account = account;
    this.go = go;
    /**
     * The last question of each key: an answer to an earlier one comes too late.
     * @type {Map<string, object>}
     */
    this.asked = new Map();
  }

  /**
   * Asks for something that a page shows: `state.people.data[key]`.
   * @param {string} key
   * @param {() => Promise<any>} work
   */
  async load(key, work) {
    const question = {};
    const who = this.who();
    this.asked.set(key, question);
    // Nor is an answer for whoever signs in next.
    const late = () => this.asked.get(key) !== question || this.who() !== who;
    this.store.dispatch({ type: 'people.loading', key });
    try {
      const value = await work();
      if (!late()) this.store.dispatch({ type: 'people.loaded', key, value });
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      if (late()) return;
      this.store.dispatch({ type: 'people.failed', key, error: errorKey(error) });
      this.hear(error);
    }
  }

  who() {
    return this.store.get().session.account?.id;
  }

  /** @param {string} key @param {any} value that an answer has brought */
  know(key, value) {
    this.asked.delete(key);
    this.store.dispatch({ type: 'people.loaded', key, value });
  }

  /** @param {string} key */
  forget(key) {
    this.asked.delete(key);
    this.store.dispatch({ type: 'people.forget', key });
  }

  /**
   * @template T
   * @param {Submission<T>} submission
   * @returns {Promise<T | undefined>} undefined when it was refused, or was already under way
   */
  async submit({ form, fields, errors = {}, work }) {
    if (this.store.get().forms[form]?.busy) return undefined;
    const found = Object.fromEntries(Object.entries(errors).filter(([, key]) => key));
    if (Object.keys(found).length > 0) {
      this.store.dispatch({ type: 'form', name: form, busy: false, errors: found });
      return undefined;
    }
    return attempt(this.store, form, work, (error) => {
      this.hear(error);
      return placeError(error, fields);
    });
  }

  /** @param {'calm' | 'good' | 'error'} tone @param {string} key @param {Record<string, string>} [values] */
  tell(tone, key, values) {
    notify(this.store, tone, key, values);
  }

  /** @param {BrokerError} error */
  hear(error) {
    if (error.code === 'not_signed_in' && this.store.get().session.phase === 'signed_in') this.account.signedOut('not_signed_in');
    if (error.code === 'consent_required') this.account.refresh();
  }
}

/**
 * Where a form says an error: beside the field it is about, when the form has it.
 * @param {BrokerError} error
 * @param {string[]} fields
 * @returns {Record<string, string>} keys of words by field
 */
export function placeError(error, fields) {
  const { field } = error.details;
  const candidates = [...(field ? [field, field.split('.').at(-1) ?? '', field.split('.')[0]] : []), ...(ABOUT[error.code] ?? [])];
  const place = candidates.find((name) => fields.includes(name));
  // Where no address is asked for, only the password can be wrong.
  const code = error.code === 'wrong_credentials' && !fields.includes('email') ? 'wrong_password' : error.code;
  return { [place ?? 'form']: field ? `error.${code}.${field.replace('.', '_')}` : `error.${code}` };
}
