// Puts the parts together and starts them.
import { createActions } from './app/actions.js';
import { Attention } from './app/attention.js';
import { MaintenanceWatch } from './app/maintenance.js';
import { isPeoplePage } from './people/registry.js';
import { fullJitter } from './signalling/backoff.js';
import { SignallingClient } from './signalling/client.js';
import { INITIAL, reduce } from './state/root.js';
import { pageOf, wantedPage } from './state/pages.js';
import { parseRoute } from './state/route.js';
import { createStore } from './state/store.js';
import { mount } from './ui/dom.js';
import { Focus } from './ui/focus.js';
import { enterPage, loadCare, loadPage } from './ui/loader.js';
import { describe, page } from './ui/view.js';
import { Words } from './ui/words.js';

/** @typedef {import('./state/types.js').Language} Language */

const LANGUAGE = 'mqm.language';
const TICK_MS = 5_000;
/** Pages that are being loaded. */
const onTheWay = new Set();

const store = createStore(reduce, { ...INITIAL, now: Date.now() });
const words = new Words(preferredLanguage());
const client = new SignallingClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/ws`,
  listener: {
    onPhase(phase, { code }) {
      store.dispatch({ type: 'connection', phase, code });
      if (phase !== 'over') return;
      actions.room.silence();
      if (['signed_out', 'account_suspended', 'account_erased', 'not_signed_in'].includes(code ?? '')) actions.account.signedOut(code);
      if (code === 'consent_required') {
        actions.room.forget();
        actions.account.refresh();
      }
    },
    onHello(body) {
      store.dispatch({ type: 'server.hello', body, now: Date.now() });
      actions.room.greeted();
      actions.requests.restorePresence();
    },
    onResumed(body) {
      store.dispatch({ type: 'server.resumed', body, now: Date.now() });
      actions.room.resumed(body.room);
    },
    onEvent(event) {
      const before = store.get();
      store.dispatch({ type: `server.${event.type}`, room: event.room, body: event.body });
      actions.room.hear(event);
      actions.requests.hear(event, before);
      actions.documents.hear(event, before);
    },
    onSignal: (signal) => actions.room.receive(signal),
  },
});
const attention = new Attention(store, () => words.translator);
const actions = createActions({ store, client, attention, setLanguage, care: () => care });
const care = bringCare().then((createCare) => Object.assign(actions, createCare({ store, client, go: (hash) => { location.hash = hash; } })));

/** @param {Language} language */
async function setLanguage(language) {
  await words.speak(language);
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
  const { route, shown } = parseRoute(location.hash);
  store.dispatch({ type: 'route', route });
  // A secret is in the state now, and needed nowhere else.
  if (shown) history.replaceState(null, '', shown);
  const { room } = store.get();
  const stays = room?.as === 'practitioner' ? wantedPage(store.get()) === 'desk' : 'id' in route && route.id === room?.id;
  // The browser's own "back" out of a call is a way of leaving it.
  if (room && !stays) actions.room.forget();
  else if (!room) actions.room?.media.stop();
}

/**
 * Without the part about consultations nobody gets further than signing in: it is asked for until it is there.
 * @returns {ReturnType<typeof loadCare>}
 */
async function bringCare(tries = 0) {
  try {
    return await loadCare(words);
  } catch {
    await new Promise((resolve) => { setTimeout(resolve, fullJitter(tries + 1)); });
    return bringCare(tries + 1);
  }
}

/**
 * Loads the page that is wanted, once.
 * @param {import('./state/types.js').AppState} state
 */
async function bring(state) {
  const wanted = wantedPage(state);
  if (!isPeoplePage(wanted) || state.people.broken || state.people.ready.includes(wanted) || onTheWay.has(wanted)) return;
  onTheWay.add(wanted);
  try {
    await loadPage(wanted, words);
    store.dispatch({ type: 'people.ready', page: wanted });
  } catch {
    store.dispatch({ type: 'people.broken', broken: true });
  }
  onTheWay.delete(wanted);
}

function start() {
  const render = mount(/** @type {Element} */ (document.getElementById('app')));
  const focus = new Focus();
  focus.start();
  let shown = '';
  let entered = '';
  store.subscribe((state) => {
    bring(state);
    focus.beforeRender();
    const view = { state, t: words.translator.t, words: words.translator, act: actions };
    render(page(view));
    describe(state);
    const name = pageOf(state);
    const now = JSON.stringify([name, state.route]);
    const fresh = now !== shown;
    focus.afterRender(shown !== '' && fresh);
    if (fresh) scrollTo(0, 0);
    shown = now;
    const arrival = JSON.stringify([now, state.language, state.session.account?.id]);
    if (arrival !== entered) {
      entered = arrival;
      enterPage(name, view, fresh);
    }
  });
  attention.start();
  new MaintenanceWatch(store).start();
  followAddress();
  addEventListener('hashchange', followAddress);
  addEventListener('online', () => client.wake());
  addEventListener('pagehide', () => client.pause());
  addEventListener('pageshow', (event) => event.persisted && client.wake());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && client.wake());
  setInterval(() => store.dispatch({ type: 'now', now: Date.now() }), TICK_MS);
}

await setLanguage(words.language);
start();
await Promise.all([care, actions.account.restore()]);
store.dispatch({ type: 'now', now: Date.now() });
