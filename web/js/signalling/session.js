// Signing in and out over HTTP: docs/protocol.md section 1.
import { http } from './http.js';
import { BrokerError } from './protocol.js';

const PATH = '/v1/session';

/**
 * @param {{email: string, password: string, code?: string}} credentials `code` of the second factor, or a recovery code
 * @returns {Promise<void>}
 */
export async function signIn(credentials) {
  await http('POST', PATH, credentials);
}

/**
 * Whose session this is, and which texts that person must agree to before anything else (CU-3).
 * @returns {Promise<{account: import('./types.js').Account, consents_needed: import('./types.js').Document[], second_factor: boolean} | null>}
 *   null when nobody is signed in
 */
export async function whoIsSignedIn() {
  try {
    return await http('GET', PATH);
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'not_signed_in') return null;
    throw error;
  }
}

/** @returns {Promise<void>} */
export async function signOut() {
  await http('DELETE', PATH);
}
