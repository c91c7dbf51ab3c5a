// Documents on their way, and the news of one that has come.
/** @typedef {import('./types.js').DocumentsState} DocumentsState */
/** @typedef {import('./types.js').Transfer} Transfer */

/** @type {DocumentsState} */
export const NO_DOCUMENTS = { transfers: {}, arrived: null };

/**
 * @param {DocumentsState} state
 * @param {import('./store.js').Action} action
 * @returns {DocumentsState}
 */
export function documents(state, action) {
  switch (action.type) {
    case 'transfer.begun':
      return { ...state, transfers: { ...state.transfers, [action.key]: action.transfer } };
    case 'transfer.changed': {
      const before = state.transfers[action.key];
      return before ? { ...state, transfers: { ...state.transfers, [action.key]: { ...before, ...action.change } } } : state;
    }
    case 'transfer.over': {
      const { [action.key]: _, ...transfers } = state.transfers;
      return { ...state, transfers };
    }
    case 'documents.arrived':
      return { ...state, arrived: { key: action.key, count: action.count } };
    // Seen, or about to be.
    case 'route':
      return state.arrived ? { ...state, arrived: null } : state;
    case 'open.only':
      return state.arrived && action.name === 'documents' ? { ...state, arrived: null } : state;
    default:
      return state;
  }
}
