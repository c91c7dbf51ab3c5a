// When to come back after a connection ended: docs/protocol.md section 9.
import { decodeCloseReason } from './protocol.js';

const FIRST_MS = 500;
const LAST_MS = 30_000;
/**
 * Until the others are told that somebody is away, 9 seconds after the connection broke, nobody waits longer than 2 s for the
 * next attempt: a short interruption is then noticed by nobody else. So many attempts take 11 s on average.
 */
const SOON_ATTEMPTS = 12;
const SOON_DOUBLINGS = 2;
const NEVER = new Set([1003, 1007, 1009]);

/**
 * Full jitter: anywhere from 0 to the doubled bound, so that thousands of clients do not come back in the same instant.
 * @param {number} attempt from 0
 * @param {() => number} [random] in [0, 1)
 * @returns {number} milliseconds
 */
export function fullJitter(attempt, random = Math.random) {
  const doublings = Math.min(attempt, SOON_DOUBLINGS) + Math.max(0, attempt - SOON_ATTEMPTS + 1);
  return Math.floor(random() * Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(doublings, 16)));
}

/**
 * @param {number} closeCode
 * @param {string} reason
 * @param {number} attempt how many connections in a row failed before this one
 * @param {() => number} [random]
 * @returns {{again: true, afterMs: number, told: boolean, code?: string} | {again: false, code: string}} `told`: the server said when
 */
export function afterClose(closeCode, reason, attempt, random = Math.random) {
  const { code, afterMs } = decodeCloseReason(reason);
  if (NEVER.has(closeCode) || (closeCode >= 4200 && closeCode < 4300)) {
    return { again: false, code: code ?? NAMES[closeCode] ?? 'client_mistake' };
  }
  // "Come back now" still gets the first step of the jitter once it repeats: a server that says it in a loop must not spin.
  if (closeCode >= 4000 && closeCode < 4100) return { again: true, afterMs: attempt === 0 ? 0 : fullJitter(attempt, random), told: false, code };
  return { again: true, afterMs: afterMs ?? fullJitter(attempt, random), told: afterMs !== undefined, code };
}

/** @type {Record<number, string>} */
const NAMES = { 4200: 'signed_out', 4201: 'account_suspended', 4202: 'account_erased', 4204: 'not_signed_in', 4205: 'consent_required' };
