// Tries device and connection before a consultation, and reports once what was found: never a picture, a sound or an address (CU-4.2).
import { connectionOutcome } from '../call/connection-check.js';
import { chime } from '../call/sound.js';
import { chosenConsultation } from '../state/select.js';

/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../state/types.js').CheckState} CheckState */

const PARTS = /** @type {const} */ (['browser', 'camera', 'microphone', 'speaker', 'connection']);
const PINGS = 3;

export class CheckActions {
  /** @param {{store: Store, client: import('../signalling/client.js').SignallingClient, media: import('../call/media.js').LocalMedia}} parts */
  constructor({ store, client, media }) {
    this.store = store;
    this.client = client;
    this.media = media;
    /**
     * Consultations that have their report.
     * @type {Set<string>}
     */
    this.reported = new Set();
  }

  /** Whoever goes in has tried their camera and microphone by that. */
  start() {
    this.store.subscribe(({ room }) => {
      if (room?.phase === 'seated' && room.as !== 'practitioner') this.report(room.id);
    });
  }

  async run() {
    this.found({ browser: canCall() ? 'ok' : 'failed', connection: 'running' });
    await Promise.all([this.media.start(), this.tryConnection()]);
  }

  async tryConnection() {
    /** @type {number[]} */
    const pings = [];
    for (let count = 0; count < PINGS; count += 1) {
      const asked = performance.now();
      const answered = await this.client.request('ping').then(() => true, () => false);
      if (answered) pings.push(performance.now() - asked);
    }
    const { effectiveType } = /** @type {{connection?: {effectiveType?: string}}} */ (navigator).connection ?? {};
    this.found({ connection: connectionOutcome(effectiveType, pings) });
  }

  playSound() {
    chime(new AudioContext());
    this.found({ speaker: 'asked' });
  }

  /** @param {boolean} heard */
  answerSound(heard) {
    this.found({ speaker: heard ? 'ok' : 'failed' });
  }

  stop() {
    this.media.stop();
    const chosen = chosenConsultation(this.store.get());
    if (chosen) this.report(chosen.id);
  }

  /** @param {Partial<CheckState>} change */
  found(change) {
    this.store.dispatch({ type: 'check', change });
  }

  /** @param {string} consultation */
  report(consultation) {
    const detail = detailOf(this.store.get().check);
    if (!detail || this.reported.has(consultation)) return;
    this.reported.add(consultation);
    // Nobody waits for it, and a consultation does not fail for want of it. What got no answer is told again.
    this.client.request('incident.report', { consultation, kind: 'device_check', detail }).catch((error) => {
      if (error.code === 'connection_lost') this.reported.delete(consultation);
    });
  }
}

/**
 * @param {CheckState} check
 * @returns {Record<string, string> | null} null when nothing was tried
 */
export function detailOf(check) {
  const parts = Object.fromEntries(PARTS.map((part) => [part, check[part] === 'ok' || check[part] === 'failed' ? check[part] : 'skipped']));
  const outcomes = Object.values(parts);
  if (outcomes.every((outcome) => outcome === 'skipped')) return null;
  return { result: outcomes.includes('failed') ? 'failed' : 'passed', ...parts };
}

function canCall() {
  return typeof RTCPeerConnection === 'function' && typeof navigator.mediaDevices?.getUserMedia === 'function';
}
