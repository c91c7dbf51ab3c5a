// Requests over HTTP: one shape of answers and errors for all of them.
import { BrokerError, connectionLost } from './protocol.js';

/**
 * @param {string} method
 * @param {string} path from /v1 on
 * @param {object} [body] sent as JSON
 * @returns {Promise<any>} the JSON of the answer, its text where it is a text, `{}` where it is empty; rejects with a BrokerError
 *   (`code`, `details.field`, `afterMs`), `connection_lost` when there was no answer
 */
export async function http(method, path, body) {
  const response = await reach(method, path, body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {});
  if (response.ok && response.headers.get('Content-Type')?.startsWith('text/plain')) return response.text();
  return answerOf(response);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {RequestInit} rest
 * @returns {Promise<Response>} of whatever status; rejects with `connection_lost`
 */
export async function reach(method, path, rest) {
  try {
    return await fetch(path, { method, credentials: 'same-origin', ...rest });
  } catch {
    throw connectionLost();
  }
}

/**
 * @param {Response} response
 * @returns {Promise<any>} its JSON; rejects with a BrokerError for a refusal
 */
export async function answerOf(response) {
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { field, received } = answer;
  throw new BrokerError({
    code: answer.code ?? (response.status === 401 ? 'not_signed_in' : 'unavailable'),
    message: answer.title ?? '',
    retry: 'never',
    after_ms: answer.after_ms,
    details: { ...(field ? { field } : {}), ...(received !== undefined ? { received } : {}) },
  });
}
