// Puts the parts together and starts them.
import { createActions } from './app/actions.js';
import { Attention } from './app/attention.js';
import { SignallingClient } from './signalling/client.js';
import { INITIAL, reduce } from './state/root.js';
import { onDesk, pageOf } from './state/pages.js';
import { createStore } from './state/store.js';
import { mount } from './ui/dom.js';
import { Focus } from './ui/focus.js';
import { createTranslator, loadWords } from './ui/i18n.js';
import { describe, loadPages, page } from './ui/view.js';

/** @typedef {import('./state/types.js').Language} Language */

const LANGUAGE = 'mqm.language';
const TICK_MS = 5_000;

const store = createStore(reduce, { ...INITIAL, now: Date.now() });
let words = createTranslator({}, 'fr');
const client = new SignallingClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/ws`,
  listener: {
    onPhase(phase, { code }) {
      if (phase === 'lost' && store.get().connection.phase === 'online') actions.room.connectionLost();
      store.dispatch({ type: 'connection', phase, code });
      if (phase === 'over' && ['signed_out', 'account_suspended', 'not_signed_in'].includes(code ?? '')) {
        actions.room.silence();
        actions.account.signedOut(code);
      } else if (phase === 'over') {
        actions.room.silence();
      }
    },
    onHello(body) {
      store.dispatch({ type: 'server.hello', body, now: Date.now() });
      actions.room.greeted();
      actions.requests.restorePresence();
    },
    onEvent(event) {
      store.dispatch({ type: `server.${event.type}`, room: event.room, body: event.body });
      actions.room.hear(event);
    },
    onSignal: (signal) => actions.room.receive(signal),
  },
});
const attention = new Attention(store, () => words);
const actions = createActions({ store, client, attention, setLanguage });

/** @param {Language} language */
async function setLanguage(language) {
  words = createTranslator(await loadWords(language), language);
  localStorage.setItem(LANGUAGE, language);
  document.documentElement.lang = language;
  store.dispatch({ type: 'language', language });
}

function preferredLanguage() {
  const kept = localStorage.getItem(LANGUAGE);
  if (kept === 'fr' || kept === 'en') return kept;
  return navigator.languages.find((language) => /^(fr|en)\b/.test(language))?.startsWith('en') ? 'en' : 'fr';
}

function followAddress() {
  const [, first, id] = location.hash.split('/');
  // Without an address practitioners start at their desk; for everyone else that is the same as home.
  const page = first === undefined ? 'desk' : first === 'ask' || first === 'desk' ? first : 'home';
  /** @type {import('./state/types.js').Route} */
  const route = first === 'consultation' && id ? { page: 'consultation', id } : { page };
  store.dispatch({ type: 'route', route });
  const { room } = store.get();
  const stays = room?.as === 'practitioner' ? onDesk(store.get()) : route.page === 'consultation' && route.id === room?.id;
  // The browser's own "back" out of a call is a way of leaving it.
  if (room && !stays) actions.room.forget();
  else if (!room) actions.room.media.stop();
}

function start() {
  const render = mount(/** @type {Element} */ (document.getElementById('app')));
  const focus = new Focus();
  focus.start();
  let shown = '';
  store.subscribe((state) => {
    focus.beforeRender();
    render(page({ state, t: words.t, words, act: actions }));
    describe(state);
    const now = `${pageOf(state)} ${location.hash}`;
    focus.afterRender(shown !== '' && now !== shown);
    if (now !== shown) scrollTo(0, 0);
    shown = now;
  });
  attention.start();
  followAddress();
  addEventListener('hashchange', followAddress);
  addEventListener('online', () => client.wake());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && client.wake());
  setInterval(() => store.dispatch({ type: 'now', now: Date.now() }), TICK_MS);
}

await setLanguage(preferredLanguage());
start();
await Promise.all([loadPages(), actions.account.restore()]);
store.dispatch({ type: 'now', now: Date.now() });
