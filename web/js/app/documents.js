// Handing documents over, fetching them, and hearing that one has come (CU-5.2).
import { sha256, canDigest } from '../call/digest.js';
import { cleanName } from '../call/frames.js';
import { download, nothingYet } from '../documents/download.js';
import { Stopped, persist } from '../documents/persist.js';
import { announce, confirmFetched, readFrom, sendChunk, withdraw } from '../documents/requests.js';
import { arrivals, fileName, typeOf, wrongFile } from '../documents/rules.js';
import { upload } from '../documents/upload.js';
import { makeUuid } from '../signalling/uuid.js';
import { BrokerError } from '../signalling/protocol.js';
import { attempt, errorKey, notify } from './attempt.js';

/** @typedef {import('../signalling/types.js').HandedOver} HandedOver */
/** @typedef {import('../state/types.js').AppState} AppState */
/** @typedef {{stopped: boolean, abort: (() => void) | null, wake: (() => void) | null, again: () => void}} Control what a transfer can be stopped and woken by */

/** A request that nothing has come of for so long is as good as lost. */
const SILENCE_MS = 60_000;

export class DocumentActions {
  /** @param {{store: import('../state/store.js').Store}} parts */
  constructor({ store }) {
    this.store = store;
    /** @type {Map<string, Control>} */
    this.controls = new Map();
  }

  start() {
    addEventListener('online', () => { for (const { wake } of this.controls.values()) wake?.(); });
    this.store.subscribe(({ session }) => { if (session.phase === 'signed_out') this.stopAll(); });
  }

  /**
   * @param {import('../signalling/types.js').Consultation} consultation
   * @param {File} file @param {string} kind @param {string} name
   */
  handOver(consultation, file, kind, name) {
    const form = formOf(consultation.id);
    const wrong = wrongFile(file, consultation.documents.length);
    const errors = { ...(wrong ? { file: wrong } : {}), ...(name.trim() === '' ? { name: 'documents.name_needed' } : {}) };
    this.store.dispatch({ type: 'form', name: form, busy: false, errors });
    if (Object.keys(errors).length > 0) return;
    this.store.dispatch({ type: 'open', name: form, open: false });
    const what = { key: makeUuid(), name: cleanName(name), kind, type: typeOf(file), size: file.size };
    const { id } = consultation;
    const { key } = what;
    this.begin(key, { consultation: id, document: null, way: 'up', name: what.name, size: file.size }, async (control) => {
      await upload({
        file,
        announce: () => this.request(control, (signal) => announce(id, what, signal)),
        send: (document, offset, bytes) => this.request(control, (signal) => sendChunk(id, document, offset, bytes, file.size, signal)),
        progress: (bytes, document) => this.change(key, { bytes, document, phase: bytes === file.size ? 'checking' : 'moving' }),
      }, this.persistence(key, control));
      this.over(key);
      notify(this.store, 'good', 'documents.handed_over', { name: what.name });
    });
  }

  /** @param {string} consultation @param {HandedOver} document */
  fetch(consultation, { id, name, size, type }) {
    if (this.controls.has(id)) return;
    const saved = fileName(name ?? 'document', type);
    let part = nothingYet();
    this.begin(id, { consultation, document: id, way: 'down', name: saved, size }, async (control) => {
      if (!canDigest()) throw new BrokerError({ code: 'insecure_address', message: '', retry: 'never' });
      const persistence = this.persistence(id, control);
      const blob = await download({
        size,
        read: (from, etag, use) => this.request(control, async (signal) => use(await readFrom(consultation, id, from, etag, signal))),
        progress: (bytes) => this.change(id, { bytes, phase: 'moving' }),
        part,
      }, persistence);
      this.change(id, { phase: 'checking' });
      // Whatever is wrong with it, it is fetched anew the next time.
      part = nothingYet();
      const digest = await sha256(await blob.arrayBuffer());
      // The server compares: it alone knows what was handed over.
      await persist(() => confirmFetched(consultation, id, digest), persistence);
      save(blob, saved);
      this.over(id);
    });
  }

  /**
   * @param {string} key
   * @param {Pick<import('../state/types.js').Transfer, 'consultation' | 'document' | 'way' | 'name' | 'size'>} transfer
   * @param {(control: Control) => Promise<void>} work
   */
  begin(key, transfer, work) {
    this.store.dispatch({ type: 'transfer.begun', key, transfer: { ...transfer, bytes: 0, phase: 'moving', error: null } });
    const run = async () => {
      /** @type {Control} */
      const control = { stopped: false, abort: null, wake: null, again: run };
      this.controls.set(key, control);
      this.change(key, { phase: 'moving', error: null });
      try {
        await work(control);
      } catch (error) {
        if (error instanceof Stopped) return;
        if (!(error instanceof BrokerError)) throw error;
        this.change(key, { phase: 'failed', error: errorKey(error) });
      }
    };
    run();
  }

  /** @param {string} key @param {Control} control @returns {import('../documents/persist.js').Persistence} */
  persistence(key, control) {
    return {
      stopped: () => control.stopped,
      waiting: () => this.change(key, { phase: 'waiting' }),
      wait: (ms) => new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        control.wake = () => { clearTimeout(timer); resolve(); };
      }),
    };
  }

  /**
   * @template T
   * @param {Control} control
   * @param {(signal: AbortSignal) => Promise<T>} work
   */
  async request(control, work) {
    const controller = new AbortController();
    control.abort = () => controller.abort();
    if (control.stopped) throw new Stopped();
    const timer = setTimeout(control.abort, SILENCE_MS);
    try {
      return await work(controller.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {string} key */
  pause(key) {
    this.stop(key);
    this.change(key, { phase: 'paused' });
  }

  /**
   * After a pause or a failure; while it waits for the connection, at once.
   * @param {string} key
   */
  resume(key) {
    const control = this.controls.get(key);
    if (this.store.get().documents.transfers[key]?.phase === 'waiting') control?.wake?.();
    else control?.again();
  }

  /**
   * Nothing of it stays anywhere.
   * @param {string} key
   */
  cancel(key) {
    const { way, consultation, document } = this.store.get().documents.transfers[key] ?? {};
    this.stop(key);
    this.over(key);
    // What cannot be said now is removed by the server after a day.
    if (way === 'up' && consultation && document) withdraw(consultation, document).catch(() => {});
  }

  /** @param {string} consultation @param {HandedOver} document */
  async withdraw(consultation, { id, name }) {
    const form = `withdraw ${id}`;
    const done = await attempt(this.store, form, () => withdraw(consultation, id));
    if (done) notify(this.store, 'calm', 'documents.withdrawn', { name: name ?? '' });
    else notify(this.store, 'error', this.store.get().forms[form]?.errors.form ?? 'error.other');
  }

  /**
   * @param {import('../signalling/types.js').ServerEvent} event
   * @param {AppState} before
   */
  hear(event, before) {
    if (event.type !== 'consultations' || !before.consultations.loaded) return;
    const { consultations, session } = this.store.get();
    const came = arrivals(before.consultations.byId, consultations.byId, session.account?.id);
    if (came.length > 0) this.store.dispatch({ type: 'documents.arrived', key: came[0].id, count: came.length });
  }

  /** @param {string} key */
  stop(key) {
    const control = this.controls.get(key);
    if (!control) return;
    control.stopped = true;
    control.abort?.();
    control.wake?.();
  }

  stopAll() {
    for (const key of [...this.controls.keys()]) this.stop(key);
    this.controls.clear();
  }

  /** @param {string} key */
  over(key) {
    this.controls.delete(key);
    this.store.dispatch({ type: 'transfer.over', key });
  }

  /** @param {string} key @param {Partial<import('../state/types.js').Transfer>} change */
  change(key, change) {
    this.store.dispatch({ type: 'transfer.changed', key, change });
  }
}

/** @param {string} consultation */
export const formOf = (consultation) => `document-${consultation}`;

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), SILENCE_MS);
}
