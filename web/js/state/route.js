// From the address to what it asks for.
import { entryOf, isPeoplePage, PEOPLE_PAGES } from '../people/registry.js';

/** @typedef {import('./types.js').Route} Route */

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const CONSULTATION = /^[0-9A-Fa-f-]{36}$/;
const DOCUMENTS = ['terms', 'privacy'];

/**
 * @param {string} hash of the address, with its `#`, or empty
 * @returns {{route: Route, shown?: string}} `shown` is the address without its secret, where it had one: nobody should find it in the
 *   address bar or in the history
 */
export function parseRoute(hash) {
  const [, first, second] = hash.split('/');
  // Without an address practitioners start at their desk; for everyone else that is the same as home.
  if (first === undefined) return { route: { page: 'desk' } };
  if (first === 'consultation' && second) return { route: { page: 'consultation', id: second } };
  if (first === 'ask' || first === 'desk') return { route: { page: first } };
  return peopleRoute(hash.replace(/^#\//, '')) ?? { route: { page: 'home' } };
}

/** @param {string} address @returns {{route: Route, shown?: string} | undefined} */
function peopleRoute(address) {
  for (const page of Object.keys(PEOPLE_PAGES).filter(isPeoplePage)) {
    const { path, parameter } = entryOf(page);
    if (path === undefined) continue;
    if (address === path) return { route: { page, parameter: null } };
    if (!parameter || !address.startsWith(`${path}/`)) continue;
    const rest = address.slice(path.length + 1);
    if (parameter === 'document') return { route: { page, parameter: DOCUMENTS.includes(rest) ? rest : null } };
    if (parameter === 'consultation') return { route: { page, parameter: CONSULTATION.test(rest) ? rest : null } };
    return { route: { page, parameter: TOKEN.test(rest) ? rest : null }, shown: `#/${path}` };
  }
  return undefined;
}
