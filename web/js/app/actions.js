// Everything that a page can ask for, in one object that the views get.
import { AccountActions } from './account.js';
import { RequestActions } from './requests.js';
import { RoomActions } from './room.js';

/** @typedef {import('../state/store.js').Store} Store */
/**
 * @typedef {object} Actions
 * @property {AccountActions} account
 * @property {RequestActions} requests
 * @property {RoomActions} room
 * @property {import('./attention.js').Attention} attention
 * @property {(name: string, open: boolean) => void} open
 * @property {(name: string, open: boolean) => void} openOnly closes every other panel
 * @property {(change: Partial<import('../state/types.js').AppState['draft']>) => void} draft
 * @property {(id: number) => void} dismiss
 * @property {(language: import('../state/types.js').Language) => void} setLanguage
 * @property {() => void} leaveRoom
 * @property {(id: string) => Promise<void>} openRoom
 * @property {() => Promise<void>} listDevices
 */

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {import('../signalling/client.js').SignallingClient} parts.client
 * @param {import('./attention.js').Attention} parts.attention
 * @param {(language: import('../state/types.js').Language) => void} parts.setLanguage
 * @returns {Actions}
 */
export function createActions({ store, client, attention, setLanguage }) {
  const room = new RoomActions({ store, client });
  const requests = new RequestActions({ store, client, go: (hash) => { location.hash = hash; } });
  const toStart = () => {
    history.replaceState(null, '', location.pathname);
    store.dispatch({ type: 'route', route: { page: 'desk' } });
  };
  const account = new AccountActions({ store, client, leaveRoom: () => room.forget(), toStart });
  return {
    account, requests, room, attention, setLanguage,
    open: (name, open) => store.dispatch({ type: 'open', name, open }),
    openOnly: (name, open) => store.dispatch({ type: 'open.only', name, open }),
    draft: (draft) => store.dispatch({ type: 'draft', draft }),
    dismiss: (id) => store.dispatch({ type: 'notice.dismiss', id }),
    leaveRoom: () => room.leave(),
    async openRoom(id) {
      if (await requests.open(id)) await room.enter(id, 'practitioner');
      else requests.tell(`open ${id}`);
    },
    async listDevices() {
      const found = await navigator.mediaDevices?.enumerateDevices() ?? [];
      const devices = found.filter(({ kind }) => kind !== 'audiooutput')
        .map(({ deviceId, kind, label }) => ({ id: deviceId, kind: kind === 'audioinput' ? 'audio' : 'video', label }));
      store.dispatch({ type: 'devices', devices });
    },
  };
}
