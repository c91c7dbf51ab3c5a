// What consultations need: requests, rooms, media. Loaded after the first picture, and before the socket starts.
import { CheckActions } from './check.js';
import { DocumentActions } from './documents.js';
import { RequestActions } from './requests.js';
import { RoomActions } from './room.js';

/**
 * @typedef {object} Care
 * @property {RequestActions} requests
 * @property {RoomActions} room
 * @property {CheckActions} check
 * @property {DocumentActions} documents
 * @property {() => void} leaveRoom
 * @property {(id: string) => Promise<void>} openRoom
 * @property {() => Promise<void>} listDevices
 */

/**
 * @param {object} parts
 * @param {import('../state/store.js').Store} parts.store
 * @param {import('../signalling/client.js').SignallingClient} parts.client
 * @param {(hash: string) => void} parts.go
 * @returns {Care}
 */
export function createCare({ store, client, go }) {
  const room = new RoomActions({ store, client });
  const requests = new RequestActions({ store, client, go });
  const check = new CheckActions({ store, client, media: room.media });
  check.start();
  const documents = new DocumentActions({ store });
  documents.start();
  return {
    requests, room, check, documents,
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
