// Words and files of a call, beside the picture: from page to page, and gone with the room.
import { FORM } from '../app/chat.js';
import { MOST_TEXT } from '../call/frames.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { button } from './parts.js';
import { sheet } from './sheet.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../state/types.js').ChatEntry} ChatEntry */
/** @typedef {import('../state/types.js').ChatPeer} ChatPeer */

const CANCELLABLE = ['offered', 'moving', 'checking'];

/** @param {View} view */
export function chatPanel(view) {
  const { state, t } = view;
  if (!state.open.chat) return null;
  const { entries } = state.chat;
  return sheet(view, 'chat', t('chat.title'), [
    h('div', { class: 'chat-said', key: 'said', role: 'region', tabindex: '0', 'aria-label': t('chat.log') },
      h('p', { class: 'muted chat-lead', 'data-test': 'chat-lead' }, t('chat.lead')),
      h('div', { role: 'log', 'aria-live': 'polite', 'aria-label': t('chat.log'), 'data-test': 'chat-log' }, h('ol', { class: 'chat-lines' }, entries.map((entry) => line(view, entry))))),
    writing(view),
  ]);
}

/** @param {View} view @param {ChatEntry} entry */
function line(view, entry) {
  const { t, words } = view;
  const { id, mine, who, at, text } = entry;
  return h('li', { class: `chat-line${mine ? ' chat-mine' : ''}`, key: id, 'data-test': text === null ? 'chat-file' : 'chat-text', 'data-mine': String(mine), mounted: showSoon },
    h('p', { class: 'chat-who' }, mine ? t('chat.you') : who || t('chat.other'), ' ', h('time', { datetime: new Date(at).toISOString() }, words.time(at))),
    text !== null ? h('p', { class: 'chat-words', key: 'text' }, text) : file(view, entry),
    mine && h('ul', { class: 'chat-peers', key: 'peers' }, peersOf(entry).map(([seat, peer]) => outcome(view, entry, seat, peer))));
}

/** @param {View} view @param {ChatEntry} entry */
function file(view, entry) {
  const { t, words, act } = view;
  const { id, mine, url } = entry;
  const { name, size } = entry.file ?? { name: '', size: 0 };
  const phases = peersOf(entry).map(([, { phase }]) => phase);
  const pending = phases.some((phase) => CANCELLABLE.includes(phase));
  return h('div', { class: 'chat-file', key: 'file' },
    h('p', { class: 'chat-name' }, icon('document'), h('span', null, h('strong', null, name), ' ', h('span', { class: 'muted' }, words.size(size)))),
    !mine && incoming(view, entry, phases[0]),
    mine && pending && button({ key: 'cancel', test: 'chat-cancel', look: 'quiet', label: t('chat.cancel'), press: () => act.room.chat.cancel(id) }),
    url && h('a', { class: 'button button-primary', key: 'save', href: url, download: name, 'data-test': 'chat-save' }, h('span', null, t('chat.save'), h('span', { class: 'unseen' }, ` ${name}`))));
}

/** @param {View} view @param {ChatEntry} entry @param {ChatPeer['phase']} phase */
function incoming(view, entry, phase) {
  const { t, act } = view;
  const { id } = entry;
  if (phase === 'offered') {
    return h('div', { class: 'buttons', key: 'answer' },
      button({ test: 'chat-accept', look: 'primary', label: [t('chat.accept'), h('span', { class: 'unseen' }, ` ${entry.file?.name}`)], press: () => act.room.chat.accept(id) }),
      button({ test: 'chat-refuse', look: 'plain', label: t('chat.refuse'), press: () => act.room.chat.refuse(id) }));
  }
  if (phase === 'moving') {
    return h('div', { class: 'chat-moving', key: 'moving' }, meter(view, entry, peersOf(entry)[0][1]),
      button({ test: 'chat-cancel', look: 'quiet', label: t('chat.cancel'), press: () => act.room.chat.cancel(id) }));
  }
  return h('p', { class: 'muted', key: 'phase', 'data-test': 'chat-phase', 'data-phase': phase }, t(`chat.in.${phase}`));
}

/** @param {View} view @param {ChatEntry} entry @param {string} seat @param {ChatPeer} peer */
function outcome(view, entry, seat, peer) {
  const { state, t } = view;
  const several = (state.room?.snapshot?.peers.length ?? 0) > 1 || peersOf(entry).length > 1;
  return h('li', { key: seat, 'data-test': 'chat-peer', 'data-seat': seat, 'data-phase': peer.phase },
    peer.phase === 'moving' ? meter(view, entry, peer) : h('span', { class: 'muted', key: 'phase' }, several && `${t(`seat.${seat}`)} : `, t(`chat.out.${peer.phase}`)));
}

/** @param {View} view @param {ChatEntry} entry @param {ChatPeer} peer */
function meter({ t }, { file: given }, { bytes }) {
  const percent = Math.floor((bytes / (given?.size ?? 1)) * 100);
  return h('span', { class: 'progress', key: 'progress' },
    h('progress', { max: '100', value: String(percent), 'aria-label': t('chat.progress', { name: given?.name ?? '' }) }), h('span', { 'aria-hidden': 'true' }, `${percent} %`));
}

/** @param {View} view */
function writing(view) {
  const { state, t, act } = view;
  const error = state.forms[FORM]?.errors.form;
  const heard = Object.keys(state.remotes).length > 0;
  const send = (/** @type {HTMLFormElement} */ form) => {
    const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem('text'));
    if (act.room.chat.say(field.value)) field.value = '';
    field.focus();
  };
  return h('form', { class: 'chat-form', key: 'form', novalidate: true, onsubmit: (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    send(/** @type {HTMLFormElement} */ (event.target));
  } },
    error && h('p', { class: 'field-error', role: 'alert', key: `error ${state.forms[FORM].round}`, id: 'chat-error', 'data-test': 'chat-error' }, t(error)),
    !heard && h('p', { class: 'muted', key: 'nobody', role: 'status' }, t('chat.nobody')),
    h('label', { class: 'unseen', for: 'chat-field' }, t('chat.field')),
    h('textarea', { id: 'chat-field', name: 'text', rows: '2', maxlength: MOST_TEXT, autocomplete: 'off', placeholder: t('chat.field'), 'data-test': 'chat-field', 'aria-describedby': error && 'chat-error',
      value: act.room.chat.draft,
      oninput: (/** @type {Event} */ event) => { act.room.chat.draft = /** @type {HTMLTextAreaElement} */ (event.target).value; },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const field = /** @type {HTMLTextAreaElement} */ (event.target);
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !field.form) return;
        event.preventDefault();
        send(field.form);
      } }),
    h('div', { class: 'buttons' },
      h('button', { class: 'button button-primary', type: 'submit', 'data-test': 'chat-send', 'aria-disabled': !heard && 'true' }, h('span', null, t('chat.send'))),
      h('label', { class: 'button button-plain file-button', 'aria-disabled': !heard && 'true' }, icon('document'), h('span', null, t('chat.give')),
        h('input', { class: 'unseen', type: 'file', 'data-test': 'chat-give', disabled: !heard, onchange: (/** @type {Event} */ event) => {
          const field = /** @type {HTMLInputElement} */ (event.target);
          const given = field.files?.[0];
          field.value = '';
          if (given) act.room.chat.offer(given);
        } }))));
}

/** @param {ChatEntry} entry */
function peersOf({ peers }) {
  return /** @type {[string, ChatPeer][]} */ (Object.entries(peers));
}

/** @param {HTMLElement} element of what was said last */
function showSoon(element) {
  queueMicrotask(() => element.scrollIntoView({ block: 'nearest' }));
}
