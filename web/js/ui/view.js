// From the state to the whole page.
import { onDesk, pageOf } from '../state/pages.js';
import { callState, canEnter, isInRoom } from '../state/select.js';
import { h } from './dom.js';
import { banner, footer, header, maintenance, notices } from './frame.js';
import { pages } from './loader.js';
import { loadingPage } from './plain-pages.js';

/** @typedef {import('../state/types.js').AppState} AppState */
/**
 * What every page is made from.
 * @typedef {object} View
 * @property {AppState} state
 * @property {import('./i18n.js').Translator['t']} t
 * @property {import('./i18n.js').Translator} words
 * @property {import('../app/actions.js').Actions} act
 */

/** @param {View} view */
export function page(view) {
  const name = pageOf(view.state);
  const full = name === 'call' || (name === 'desk' && isInRoom(view.state));
  const inCall = full && view.state.room?.phase !== 'preparing' && (view.state.room?.id ?? '') in view.state.consultations.byId;
  return [
    h('a', { class: 'skip', href: '#main', onclick: skip }, view.t('skip')),
    header(view, full),
    banner(view, full),
    maintenance(view, full),
    h('main', { id: 'main', tabindex: '-1', class: `page page-${name}${full ? ' page-full' : ''}`, key: name }, (pages[name] ?? loadingPage)(view)),
    !full && footer(view),
    // In a call they have a line of their own there, so that they cover neither a face nor the controls.
    !inCall && notices(view),
    h('div', { class: 'unseen', 'aria-live': 'assertive', 'data-test': 'your-turn', key: 'turn' }, yourTurn(view)),
    h('div', { class: 'unseen', 'aria-live': 'assertive', 'data-test': 'document-news', key: 'news' }, documentNews(view)),
  ];
}

/**
 * "It is your turn", said at once by a screen reader.
 * @param {View} view
 */
function yourTurn({ state, t }) {
  if (isInRoom(state) || onDesk(state)) return null;
  const ready = Object.values(state.consultations.byId).some((consultation) => canEnter(consultation));
  return ready && t('wait.open');
}

/**
 * Said once for each: it is another element every time.
 * @param {View} view
 */
function documentNews({ state, t }) {
  const { arrived } = state.documents;
  return arrived && h('p', { key: arrived.key }, t('documents.arrived', { count: arrived.count }));
}

/**
 * What tests and curious people may read from outside.
 * @param {AppState} state
 */
export function describe(state) {
  const { dataset } = document.documentElement;
  dataset.page = pageOf(state);
  dataset.connection = state.connection.phase;
  dataset.callState = callState(state);
  dataset.localMedia = state.media.phase === 'live' ? 'live' : 'stopped';
  dataset.presence = state.session.practitioner?.presence ?? '';
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
