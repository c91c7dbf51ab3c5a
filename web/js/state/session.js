// Who is signed in, and what hello told about them.
/** @typedef {import('./types.js').SessionState} SessionState */

/** @type {SessionState} */
export const NOBODY = {
  phase: 'unknown', account: null, consentsNeeded: [], secondFactor: false, practitioner: null, patients: [], limits: null, greeted: false, skew: 0, ended: null,
};

/**
 * @param {SessionState} state
 * @param {import('./store.js').Action} action
 * @returns {SessionState}
 */
export function session(state, action) {
  switch (action.type) {
    case 'session.signed_in':
      return { ...NOBODY, phase: 'signed_in', account: action.account, consentsNeeded: action.consentsNeeded ?? [], secondFactor: action.secondFactor ?? false };
    case 'session.changed':
      return { ...state, ...action.change };
    case 'session.signed_out':
      return { ...NOBODY, phase: 'signed_out', ended: action.why ?? null };
    case 'server.hello': {
      const { account, practitioner, patients, limits, server_time } = action.body;
      return { ...state, phase: 'signed_in', account, practitioner, patients, limits, greeted: true, skew: server_time - action.now };
    }
    case 'server.resumed':
      return { ...state, skew: action.body.server_time - action.now };
    case 'server.presence':
      return state.practitioner
        ? { ...state, practitioner: { ...state.practitioner, presence: action.body.presence } }
        : state;
    default:
      return state;
  }
}

/**
 * @param {import('./types.js').ConnectionState} state
 * @param {import('./store.js').Action} action
 * @returns {import('./types.js').ConnectionState}
 */
export function connection(state, action) {
  if (action.type === 'session.signed_out') return { phase: 'idle', code: null };
  // A first attempt that follows a lost connection is still "lost" for the person who waits.
  if (action.type !== 'connection') return state;
  const phase = action.phase === 'connecting' && state.phase === 'lost' ? 'lost' : action.phase;
  return { phase, code: action.code ?? null };
}
