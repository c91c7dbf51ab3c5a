// Makes the queue noticed: a tone that repeats until somebody touches the page, the title's badge, a system notification.
// None of them says more than "a request is waiting": a screen may be seen by others.
import { chime } from '../call/sound.js';
import { isPeoplePage } from '../people/registry.js';
import { pageOf } from '../state/pages.js';
import { badge } from '../state/select.js';

/** @typedef {import('../state/store.js').Store} Store */

const REPEAT_MS = 5_000;
const MUTED = 'mqm.bell.muted';

export class Attention {
  /** @param {Store} store @param {() => import('../ui/i18n.js').Translator} words */
  constructor(store, words) {
    this.store = store;
    this.words = words;
    /** @type {AudioContext | null} */
    this.audio = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.ringing = undefined;
    this.told = 0;
  }

  start() {
    this.store.dispatch({ type: 'bell', bell: { muted: localStorage.getItem(MUTED) === 'yes', notifications: permission() } });
    // Browsers let a page sound only after a first touch, so the audio is made ready there.
    const touched = () => {
      if (!this.audio && this.store.get().session.practitioner) this.audio = new AudioContext();
      if (this.store.get().queue.unseen.length > 0) this.store.dispatch({ type: 'queue.seen' });
    };
    addEventListener('pointerdown', touched);
    addEventListener('keydown', touched);
    this.store.subscribe((state) => this.follow(state));
  }

  /** @param {import('../state/types.js').AppState} state */
  follow(state) {
    const waiting = badge(state);
    const title = titleOf(state, this.words().t('title'));
    const wanted = waiting > 0 ? `(${waiting}) ${title}` : title;
    if (document.title !== wanted) document.title = wanted;
    const unseen = state.session.practitioner?.presence === 'available' ? state.queue.unseen.length : 0;
    document.documentElement.dataset.bell = unseen > 0 ? (state.bell.muted ? 'muted' : 'ringing') : 'quiet';
    if (unseen > this.told) this.show();
    this.told = unseen;
    const ring = unseen > 0 && !state.bell.muted;
    if (ring && this.ringing === undefined) {
      this.sound();
      this.ringing = setInterval(() => this.sound(), REPEAT_MS);
    } else if (!ring) {
      clearInterval(this.ringing);
      this.ringing = undefined;
    }
  }

  sound() {
    if (this.audio) chime(this.audio);
  }

  show() {
    if (permission() !== 'granted' || document.visibilityState === 'visible') return;
    const { t } = this.words();
    try {
      const shown = new Notification(t('title'), { body: t('bell.notification'), tag: 'mqm-queue' });
      shown.onclick = () => window.focus();
    } catch {
      // Some phones only let service workers show notifications; the tone and the badge remain.
    }
  }

  /** Asked by a press, never on load. */
  async askPermission() {
    if (permission() === 'default') await Notification.requestPermission();
    this.store.dispatch({ type: 'bell', bell: { notifications: permission() } });
  }

  /** @param {boolean} muted */
  mute(muted) {
    localStorage.setItem(MUTED, muted ? 'yes' : 'no');
    this.store.dispatch({ type: 'bell', bell: { muted } });
  }
}

/**
 * Pages about people are told apart in tabs and history; the others keep to the name, as a tab is seen by others.
 * @param {import('../state/types.js').AppState} state
 * @param {string} name
 */
function titleOf(state, name) {
  const heading = isPeoplePage(pageOf(state)) && document.querySelector('main h1')?.textContent;
  return heading ? `${heading} – ${name}` : name;
}

/** @returns {'unsupported' | NotificationPermission} */
function permission() {
  return 'Notification' in window ? Notification.permission : 'unsupported';
}
