// The reducer of everything, and the state at the start.
import { STOPPED } from '../call/stopped.js';
import { chat, SILENCE } from './chat.js';
import { check, UNCHECKED } from './check.js';
import { consultations, NO_QUEUE, queue } from './lists.js';
import { documents, NO_DOCUMENTS } from './documents.js';
import { forgetMedical } from './medical.js';
import { NOTHING, people } from './people.js';
import { remotes, room } from './room.js';
import { connection, NOBODY, session } from './session.js';

/** @typedef {import('./types.js').AppState} AppState */
/** @typedef {import('./store.js').Action} Action */

/** @type {AppState} */
export const INITIAL = {
  language: 'fr',
  session: NOBODY,
  connection: { phase: 'idle', code: null },
  consultations: { loaded: false, byId: {} },
  queue: NO_QUEUE,
  available: null,
  room: null,
  media: STOPPED,
  devices: [],
  remotes: {},
  chat: SILENCE,
  documents: NO_DOCUMENTS,
  notices: [],
  route: { page: 'home' },
  people: NOTHING,
  check: UNCHECKED,
  maintenance: null,
  draft: { patient: '', assignment: '', payment: '', used: 0 },
  forms: {},
  open: {},
  bell: { muted: false, notifications: 'default' },
  now: 0,
};

/**
 * @param {AppState} state
 * @param {Action} action
 * @returns {AppState}
 */
export function reduce(state, action) {
  // Signing out forgets every person; only choices of this browser stay, and the address, which the browser still shows.
  const base = action.type === 'session.signed_out'
    ? { ...INITIAL, language: state.language, bell: state.bell, now: state.now, route: state.route, people: state.people, maintenance: state.maintenance }
    : state;
  const rest = plain(base, action);
  const shown = consultations(base.consultations, action);
  return {
    ...rest,
    session: session(base.session, action),
    connection: connection(base.connection, action),
    consultations: shown,
    queue: queue(base.queue, action),
    people: forgetMedical(people(base.people, action), rest.open, shown.byId),
    room: room(base.room, action),
    remotes: remotes(base.remotes, action),
    documents: documents(base.documents, action),
    chat: chat(base.chat, action, rest.open.chat ?? false),
    check: check(base.check, action),
  };
}

/**
 * @param {AppState} state
 * @param {Action} action
 * @returns {AppState}
 */
function plain(state, action) {
  switch (action.type) {
    case 'language': return { ...state, language: action.language };
    case 'now': return { ...state, now: action.now };
    case 'route': return { ...state, route: action.route, open: {}, draft: INITIAL.draft, forms: busyOnly(state.forms) };
    // News of before is in the way of the picture.
    case 'room.prepare': return { ...state, open: {}, notices: [] };
    case 'room.left':
    case 'room.over':
    case 'server.room.closed': return { ...state, open: {} };
    case 'draft': return { ...state, draft: { ...state.draft, ...action.draft } };
    // A new session is told again what is announced, and how many are available if that is for them. Lists are replaced by their snapshots.
    case 'server.hello': return { ...state, maintenance: null, available: action.body.patients.length > 0 ? state.available : null };
    case 'server.maintenance': return { ...state, maintenance: action.body.maintenance };
    case 'maintenance': return { ...state, maintenance: action.maintenance };
    case 'server.availability': return { ...state, available: action.body.available };
    case 'media': return { ...state, media: action.media };
    case 'devices': return { ...state, devices: action.devices };
    case 'bell': return { ...state, bell: { ...state.bell, ...action.bell } };
    case 'open': return { ...state, open: { ...state.open, [action.name]: action.open } };
    case 'open.only': return { ...state, open: { [action.name]: action.open } };
    case 'form': return { ...state, forms: { ...state.forms, [action.name]: form(state.forms[action.name], action) } };
    case 'notice': return { ...state, notices: notices(state.notices, action.notice) };
    case 'notice.dismiss': return { ...state, notices: state.notices.filter((notice) => notice.id !== action.id) };
    default: return state;
  }
}

/**
 * @param {import('./types.js').FormState | undefined} before
 * @param {Action} action
 * @returns {import('./types.js').FormState}
 */
function form(before, { busy, errors = {} }) {
  return { busy, errors, round: (before?.round ?? 0) + (Object.keys(errors).length > 0 ? 1 : 0) };
}

/**
 * Another page starts without the errors of the one before.
 * @param {AppState['forms']} forms
 */
function busyOnly(forms) {
  return Object.fromEntries(Object.entries(forms).filter(([, { busy }]) => busy));
}

/**
 * At most three: older ones make room, and the same sentence is not said twice.
 * @param {AppState['notices']} list
 * @param {Omit<import('./types.js').Notice, 'id'>} notice
 */
function notices(list, notice) {
  const id = list.reduce((highest, { id }) => Math.max(highest, id), 0) + 1;
  const others = list.filter(({ key, values }) => key !== notice.key || JSON.stringify(values) !== JSON.stringify(notice.values));
  return [...others, { ...notice, id }].slice(-3);
}
