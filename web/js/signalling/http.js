// Requests over HTTP: one shape of answers and errors for all of them.
import { BrokerError } from './protocol.js';

/**
 * @param {string} method
 * @param {string} path from /v1 on
 * @param {object} [body] sent as JSON
 * @returns {Promise<any>} the JSON of the answer, its text where it is a text, `{}` where it is empty; rejects with a BrokerError
 *   (`code`, `details.field`, `afterMs`), `connection_lost` when there was no answer
 */
export async function http(method, path, body) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw new BrokerError({ code: 'connection_lost', message: 'the server was not reached', retry: 'later' });
  }
  if (response.ok && response.headers.get('Content-Type')?.startsWith('text/plain')) return response.text();
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new BrokerError({
    code: answer.code ?? (response.status === 401 ? 'not_signed_in' : 'unavailable'),
    message: answer.title ?? '',
    retry: 'never',
    after_ms: answer.after_ms,
    ...(answer.field ? { details: { field: answer.field } } : {}),
  });
}
