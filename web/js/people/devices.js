// Where the account is signed in, and signing out from afar.
import { h } from '../ui/dom.js';
import { button, heading, tag } from '../ui/parts.js';
import * as api from './api.js';
import { backLink } from './form.js';
import { whenLoaded } from './loading.js';

/** @typedef {import('../ui/view.js').View} View */
/** @typedef {import('./types.js').OpenSession} OpenSession */

const KEY = 'sessions';
const EVERYWHERE = 'sign-out-everywhere';

/** @param {View} view */
export function enter({ act }) {
  return act.people.load(KEY, api.sessions.all);
}

/** @param {View} view */
export function page(view) {
  const { state, t } = view;
  return h('div', { class: 'column' },
    backLink(view),
    heading(view, t('account.part.devices')),
    h('p', { class: 'lead' }, t('devices_open.lead')),
    whenLoaded(view, KEY, () => enter(view), (/** @type {OpenSession[]} */ sessions) =>
      h('ul', { class: 'list', key: 'sessions', 'data-test': 'open-devices' }, sessions.map((session) => device(view, session)))),
    failure(view, EVERYWHERE),
    button({ test: EVERYWHERE, look: 'danger', label: t('devices_open.everywhere'), busy: state.forms[EVERYWHERE]?.busy, press: () => endAll(view) }),
    h('p', { class: 'muted' }, t('devices_open.everywhere_lead')));
}

/** @param {View} view @param {OpenSession} session */
function device(view, session) {
  const { state, t, words } = view;
  const form = `end ${session.id}`;
  const name = session.device ?? t(`devices_open.kind.${session.kind}`);
  return h('li', { class: 'card row', key: session.id, 'data-test': 'open-device' },
    h('div', { class: 'row-text' },
      h('p', { class: 'row-title' }, name),
      h('p', { class: 'muted' }, session.device && session.kind !== 'cookie' && `${t(`devices_open.kind.${session.kind}`)} · `, t('devices_open.used', { moment: words.moment(session.last_used_at, state.now) })),
      session.current && tag({ name: 'current', tone: 'good', label: t('devices_open.this'), test: 'this-device' }),
      failure(view, form)),
    !session.current && button({ test: 'end-session', label: h('span', null, t('devices_open.end'), h('span', { class: 'unseen' }, ` (${name})`)), busy: state.forms[form]?.busy, press: () => end(view, session, form) }));
}

/** @param {View} view @param {string} form */
function failure({ state, t }, form) {
  const error = state.forms[form]?.errors.form;
  return error && h('p', { class: 'field-error', role: 'alert', key: `failed ${form}` }, t(error));
}

/** @param {View} view @param {OpenSession} session @param {string} form */
async function end(view, session, form) {
  const done = await view.act.people.submit({ form, fields: [], work: () => api.sessions.end(session.id) });
  if (!done) return;
  view.act.people.tell('good', 'devices_open.ended');
  await enter(view);
}

/** @param {View} view */
async function endAll({ act }) {
  if (await act.people.submit({ form: EVERYWHERE, fields: [], work: api.sessions.endAll })) act.account.signedOut('signed_out');
}
