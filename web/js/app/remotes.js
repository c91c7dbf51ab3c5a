// Tells the state what the peer connections are doing: at once when they change, and once a second from getStats.
import { quality, read, relayed } from '../call/stats.js';
import { watchSpeaking } from './speaking.js';

/** @typedef {import('../signalling/types.js').SeatName} SeatName */

const EVERY_MS = 1_000;

/**
 * @param {import('../state/store.js').Store} store
 * @param {import('../call/mesh.js').Mesh} mesh
 * @param {import('./incidents.js').Incidents} incidents
 */
export function watchRemotes(store, mesh, incidents) {
  /** @type {Map<import('../call/peer-link.js').PeerLink, import('../call/stats.js').Sample>} */
  let samples = new Map();
  const speakersChanged = watchSpeaking(store, mesh);
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  async function measure() {
    /** @type {typeof samples} */
    const next = new Map();
    for (const [seat, { link }] of mesh.links) {
      if (link.closed) continue;
      const report = await link.pc.getStats();
      const now = read(report);
      if (link.pc.connectionState === 'connected') {
        incidents.route(link.pc, relayed(report));
        await link.followUplink(report);
      }
      const before = samples.get(link) ?? now;
      next.set(link, now);
      if (mesh.links.get(seat)?.link !== link) continue;
      store.dispatch({ type: 'remote.changed', seat, change: { framesDecoded: now.framesDecoded, quality: quality(before, now), uplink: link.uplink.step } });
    }
    samples = next;
  }

  return {
    /** @param {SeatName} seat */
    changed(seat) {
      const link = mesh.links.get(seat)?.link;
      if (link) {
        const { microphone, camera, paused = false } = link.remoteSwitches;
        store.dispatch({ type: 'remote.changed', seat, change: { connection: connectionOf(link), microphone, camera, paused } });
      } else {
        store.dispatch({ type: 'remote.gone', seat });
      }
      speakersChanged();
      if (mesh.links.size > 0 && timer === undefined) {
        timer = setInterval(measure, EVERY_MS);
      } else if (mesh.links.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    },
  };
}

/** @param {import('../call/peer-link.js').PeerLink} link */
function connectionOf(link) {
  if (link.closed) return 'reconnecting';
  const state = link.pc.connectionState;
  if (state === 'connected') return 'connected';
  return state === 'disconnected' || state === 'failed' ? 'reconnecting' : 'connecting';
}
