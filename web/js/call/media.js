// The camera and the microphone of this device: asked for, switched, changed, stopped.

import { STOPPED } from './stopped.js';

/** @typedef {import('./stopped.js').MediaState} MediaState */
/** @typedef {import('./stopped.js').Problem} Problem */

const VIDEO = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } };
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class LocalMedia {
  /**
   * @param {object} options
   * @param {(state: MediaState) => void} options.changed
   * @param {() => void} options.tracksChanged
   * @param {(kind: 'audio' | 'video') => void} [options.replaced] a device was unplugged, and another one took over
   * @param {MediaDevices | undefined} [options.devices] undefined where the browser forbids them (no HTTPS)
   */
  constructor({ changed, tracksChanged, replaced = () => {}, devices = navigator.mediaDevices }) {
    this.changed = changed;
    this.tracksChanged = tracksChanged;
    this.replaced = replaced;
    this.devices = devices;
    devices?.addEventListener?.('devicechange', () => this.plugged());
    /** @type {MediaState} */
    this.state = STOPPED;
    this.stream = new MediaStream();
    /** @type {{audio?: string, video?: string}} */
    this.chosen = {};
    /** A permission question that is answered after stop() must not leave a camera running. */
    this.generation = 0;
  }

  /** @param {'audio' | 'video'} kind */
  track(kind) {
    return this.stream.getTracks().find((track) => track.kind === kind) ?? null;
  }

  /**
   * Both if possible, else one of them: a consultation by voice is better than none.
   * @returns {Promise<boolean>} whether there is at least one
   */
  async start() {
    if (this.state.phase !== 'stopped') return this.state.phase === 'live';
    const generation = ++this.generation;
    this.update({ phase: 'asking', microphoneProblem: null, cameraProblem: null });
    const wantsCamera = this.state.camera;
    const both = wantsCamera ? await this.ask(true, true) : await this.ask(true, false);
    let audio = both, video = wantsCamera ? both : null;
    if (wantsCamera && both.problem) {
      audio = await this.ask(true, false);
      video = await this.ask(false, true);
    }
    /** @type {Set<MediaStream>} */
    const streams = new Set();
    for (const { stream } of [audio, ...(video ? [video] : [])]) if (stream) streams.add(stream);
    if (generation !== this.generation) {
      for (const stream of streams) stopAll(stream);
      return false;
    }
    for (const stream of streams) for (const track of stream.getTracks()) this.adopt(track);
    const live = this.stream.getTracks().length > 0;
    this.update({
      phase: live ? 'live' : 'stopped',
      microphoneProblem: audio.problem ?? null,
      cameraProblem: video?.problem ?? null,
    });
    this.tracksChanged();
    return live;
  }

  /**
   * @param {boolean} audio
   * @param {boolean} video
   * @returns {Promise<{stream?: MediaStream, problem?: Problem}>}
   */
  async ask(audio, video) {
    if (!this.devices?.getUserMedia) return { problem: 'insecure' };
    try {
      const stream = await this.devices.getUserMedia({
        audio: audio && { ...AUDIO, ...(this.chosen.audio ? { deviceId: { ideal: this.chosen.audio } } : {}) },
        video: video && { ...VIDEO, ...(this.chosen.video ? { deviceId: { ideal: this.chosen.video } } : {}) },
      });
      return { stream };
    } catch (error) {
      return { problem: problemOf(/** @type {DOMException} */ (error).name) };
    }
  }

  /** @param {MediaStreamTrack} track */
  adopt(track) {
    if (track.kind === 'audio') track.enabled = this.state.microphone;
    for (const old of this.stream.getTracks()) {
      if (old.kind === track.kind) this.discard(old);
    }
    this.stream.addTrack(track);
    track.onended = () => this.lost(track);
  }

  /** @param {MediaStreamTrack} track */
  discard(track) {
    track.onended = null;
    track.stop();
    this.stream.removeTrack(track);
  }

  /**
   * A device was unplugged: another one of its kind takes over if there is one.
   * @param {MediaStreamTrack} track
   */
  async lost(track) {
    this.discard(track);
    this.tracksChanged();
    const kind = /** @type {'audio' | 'video'} */ (track.kind);
    await this.replace(kind);
    if (this.track(kind)) this.replaced(kind);
  }

  /** Something was plugged in: it is taken if it is what was missing. */
  async plugged() {
    if (this.state.phase !== 'live') return;
    if (this.state.microphoneProblem === 'missing') await this.replace('audio');
    if (this.state.cameraProblem === 'missing' && this.state.camera) await this.replace('video');
  }

  /** @param {'audio' | 'video'} kind @param {string} deviceId */
  async choose(kind, deviceId) {
    this.chosen[kind] = deviceId;
    if (this.state.phase === 'live' && (kind === 'audio' || this.state.camera)) await this.replace(kind);
  }

  /** @param {'audio' | 'video'} kind */
  async replace(kind) {
    const generation = this.generation;
    const { stream, problem } = await this.ask(kind === 'audio', kind === 'video');
    if (generation !== this.generation || this.state.phase !== 'live' || (kind === 'video' && !this.state.camera)) {
      if (stream) stopAll(stream);
      return;
    }
    for (const track of stream?.getTracks() ?? []) this.adopt(track);
    this.update(kind === 'audio' ? { microphoneProblem: problem ?? null } : { cameraProblem: problem ?? null });
    this.tracksChanged();
  }

  /** @param {boolean} on */
  setMicrophone(on) {
    const track = this.track('audio');
    if (track) track.enabled = on;
    this.update({ microphone: on });
    if (on && !track && this.state.phase === 'live') return this.replace('audio');
  }

  /**
   * Off means off: the camera's light goes out.
   * @param {boolean} on
   */
  setCamera(on) {
    this.update({ camera: on });
    if (this.state.phase !== 'live') return;
    const track = this.track('video');
    if (on && !track) return this.replace('video');
    if (!on && track) {
      this.discard(track);
      this.tracksChanged();
    }
  }

  stop() {
    this.generation += 1;
    for (const track of this.stream.getTracks()) this.discard(track);
    this.update({ phase: 'stopped' });
    this.tracksChanged();
  }

  /** @param {Partial<MediaState>} change */
  update(change) {
    this.state = { ...this.state, ...change };
    this.changed(this.state);
  }
}

/** @param {MediaStream} stream */
function stopAll(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {string} name @returns {Problem} */
function problemOf(name) {
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'failed';
}
