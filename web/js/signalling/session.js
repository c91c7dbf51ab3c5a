// Signing in and out over HTTP: docs/protocol.md section 1.
import { BrokerError } from './protocol.js';

/** @typedef {import('./types.js').Account} Account */

/**
 * @param {string} email
 * @param {string} password
 * @returns {Promise<Account>}
 */
export async function signIn(email, password) {
  const answer = await ask('POST', { email, password });
  return answer.account;
}

/** @returns {Promise<Account | null>} null when nobody is signed in */
export async function whoIsSignedIn() {
  try {
    return (await ask('GET')).account;
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'not_signed_in') return null;
    throw error;
  }
}

/** @returns {Promise<void>} */
export async function signOut() {
  await ask('DELETE');
}

/**
 * @param {string} method
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function ask(method, body) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch('/v1/session', {
      method,
      credentials: 'same-origin',
      ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw new BrokerError({ code: 'connection_lost', message: 'the server was not reached', retry: 'later' });
  }
  if (response.status === 204) return {};
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const code = answer.code ?? (response.status === 401 ? 'not_signed_in' : 'unavailable');
  throw new BrokerError({ code, message: answer.title ?? '', retry: 'never', after_ms: answer.after_ms });
}
