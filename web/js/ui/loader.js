// Pages that come after the first picture, with their words and styles.
import { entryOf } from '../people/registry.js';
import { loadingPage } from './plain-pages.js';
import { signInPage } from './sign-in.js';

/** @typedef {import('../state/pages.js').PageName} PageName */
/** @typedef {import('../people/registry.js').PeoplePage} PeoplePage */
/** @typedef {import('./view.js').View} View */

/** @type {Partial<Record<PageName, (view: View) => import('./dom.js').Child>>} */
export const pages = { loading: loadingPage, 'sign-in': signInPage };

/** @type {Map<string, Promise<unknown>>} */
const styles = new Map();
/** @type {Partial<Record<PeoplePage, import('../people/registry.js').PageModule>>} */
const modules = {};

/**
 * The pages of consultations, with what they do.
 * @param {import('./words.js').Words} words
 */
export async function loadCare(words) {
  const [{ PAGES }, { createCare }] = await Promise.all([import('./pages.js'), import('../app/care.js'), style('/css/inside.css'), style('/css/call.css'), style('/css/exchange.css'), style('/css/life.css'), words.add('inside'), words.add('life'), words.add('exchange')]);
  Object.assign(pages, PAGES);
  return createCare;
}

/**
 * @param {PeoplePage} page
 * @param {import('./words.js').Words} words
 * @returns {Promise<void>} rejects when something of it was not reached
 */
export async function loadPage(page, words) {
  const { parts, load } = entryOf(page);
  const [module] = await Promise.all([load(), ...parts.flatMap((part) => [words.add(part), style(`/css/${part}.css`)])]);
  modules[page] = module;
  pages[page] = module.page;
}

/** @param {PageName} page @param {View} view @param {boolean} fresh come from elsewhere */
export function enterPage(page, view, fresh) {
  modules[/** @type {PeoplePage} */ (page)]?.enter?.(view, fresh);
}

/** @param {string} href */
function style(href) {
  const known = styles.get(href);
  if (known) return known;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
  // A page without it is still better than none.
  const done = new Promise((resolve) => { link.onload = link.onerror = resolve; });
  styles.set(href, done);
  return done;
}
