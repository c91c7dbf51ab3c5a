// What is said and given in a room, from page to page: here alone, and gone with the room.
/** @typedef {import('./types.js').ChatState} ChatState */

/** @type {ChatState} */
export const SILENCE = { entries: [], unread: 0 };
/** Older ones make room. */
export const MOST_ENTRIES = 500;

/**
 * @param {ChatState} state
 * @param {import('./store.js').Action} action
 * @param {boolean} seen the panel is open
 * @returns {ChatState}
 */
export function chat(state, action, seen) {
  switch (action.type) {
    case 'chat.said': {
      if (state.entries.some(({ id }) => id === action.entry.id)) return state;
      const unread = seen || action.entry.mine ? state.unread : state.unread + 1;
      return { entries: [...state.entries, action.entry].slice(-MOST_ENTRIES), unread };
    }
    case 'chat.changed':
      return { ...state, entries: state.entries.map((entry) => (entry.id === action.id ? { ...entry, ...action.change } : entry)) };
    case 'chat.peer':
      return { ...state, entries: state.entries.map((entry) => (entry.id === action.id ? withPeer(entry, action) : entry)) };
    case 'chat.clear':
      return state.entries.length > 0 || state.unread > 0 ? SILENCE : state;
    default:
      return seen && state.unread > 0 ? { ...state, unread: 0 } : state;
  }
}

/** @param {import('./types.js').ChatEntry} entry @param {import('./store.js').Action} action @returns {import('./types.js').ChatEntry} */
function withPeer(entry, { seat, change }) {
  const before = entry.peers[/** @type {'patient'} */ (seat)] ?? { phase: 'lost', bytes: 0 };
  return { ...entry, peers: { ...entry.peers, [seat]: { ...before, ...change } } };
}
