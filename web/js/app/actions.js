// Everything that a page can ask for, in one object that the views get.
import { AccountActions } from './account.js';
import { PeopleActions } from './people.js';

/** @typedef {import('../state/store.js').Store} Store */
/**
 * @typedef {object} FirstActions
 * @property {AccountActions} account
 * @property {PeopleActions} people
 * @property {import('./attention.js').Attention} attention
 * @property {(name: string, open: boolean) => void} open
 * @property {(name: string, open: boolean) => void} openOnly closes every other panel
 * @property {(change: Partial<import('../state/types.js').AppState['draft']>) => void} draft
 * @property {(id: number) => void} dismiss
 * @property {(language: import('../state/types.js').Language) => void} setLanguage
 * @property {() => void} loadPageAgain
 */
/** @typedef {FirstActions & import('./care.js').Care} Actions */

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {import('../signalling/client.js').SignallingClient} parts.client
 * @param {import('./attention.js').Attention} parts.attention
 * @param {(language: import('../state/types.js').Language) => void} parts.setLanguage
 * @param {() => Promise<import('./care.js').Care>} parts.care awaited before the socket starts
 * @returns {Actions} `Care` becomes part of it when it is there: no page that uses it is shown before
 */
export function createActions({ store, client, attention, setLanguage, care }) {
  /** @param {string} hash */
  const go = (hash) => { location.hash = hash; };
  const toStart = () => {
    history.replaceState(null, '', location.pathname);
    store.dispatch({ type: 'route', route: { page: 'desk' } });
  };
  const account = new AccountActions({ store, client, leaveRoom: () => actions.room?.forget(), toStart, ready: care });
  const people = new PeopleActions({ store, account, go });
  const actions = /** @type {Actions} */ ({
    account, people, attention, setLanguage,
    open: (name, open) => store.dispatch({ type: 'open', name, open }),
    openOnly: (name, open) => store.dispatch({ type: 'open.only', name, open }),
    draft: (draft) => store.dispatch({ type: 'draft', draft }),
    dismiss: (id) => store.dispatch({ type: 'notice.dismiss', id }),
    loadPageAgain: () => store.dispatch({ type: 'people.broken', broken: false }),
  });
  return actions;
}
