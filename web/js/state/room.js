// The room that this tab is in, wants to be in, or was in.
/** @typedef {import('./types.js').RoomState} RoomState */

/**
 * @param {RoomState | null} state
 * @param {import('./store.js').Action} action
 * @returns {RoomState | null}
 */
export function room(state, action) {
  if (action.type === 'room.prepare') {
    return {
      id: action.id, as: action.as, phase: 'preparing', seat: null, snapshot: null, known: {}, closed: null, takenBy: null, companion: null,
    };
  }
  if (action.type === 'room.forget') return null;
  if (!state || (action.room !== undefined && action.room !== state.id)) return state;
  switch (action.type) {
    case 'room.joining':
      return { ...state, phase: 'joining', takenBy: null };
    case 'room.seated':
      return { ...state, phase: 'seated', seat: action.seated.seat, snapshot: action.seated.room, known: known(state, action.seated.room), closed: null };
    case 'server.room':
      return state.phase === 'seated' ? { ...state, snapshot: action.body, known: known(state, action.body) } : state;
    case 'server.room.closed':
      // The seat is taken again at once, and what is seen is still there.
      if (action.body.why === 'connection_lost') return state;
      return action.body.why === 'taken_over'
        ? { ...state, phase: 'taken_over', snapshot: null, known: {}, seat: null, companion: null }
        : close(state, action.body.why, action.body.reason);
    case 'room.over':
      return close(state, action.why, action.reason);
    case 'room.left':
      return { ...state, phase: 'left', snapshot: null, known: {}, seat: null, companion: null };
    case 'room.seat_taken':
      return { ...state, phase: 'seat_taken', takenBy: action.by, snapshot: null, known: {}, seat: null };
    case 'room.companion':
      return { ...state, companion: action.person };
    default:
      return state;
  }
}

/**
 * Who was in each seat last: a seat that somebody was lost from is still theirs for those who see their picture.
 * @param {RoomState} state
 * @param {import('../signalling/types.js').Room} snapshot
 * @returns {RoomState['known']}
 */
function known(state, snapshot) {
  return { ...state.known, ...Object.fromEntries(snapshot.seats.filter(({ present }) => present).map(({ seat, persons }) => [seat, persons])) };
}

/**
 * @param {RoomState} state
 * @param {'ended' | 'cancelled' | 'released' | 'reassigned' | 'not_admitted'} why
 * @param {import('../signalling/types.js').EndReason} [reason]
 * @returns {RoomState}
 */
function close(state, why, reason) {
  return { ...state, phase: 'closed', snapshot: null, known: {}, seat: null, companion: null, closed: { why, reason: reason ?? null } };
}

/**
 * What the peer connections look like, by seat.
 * @param {import('./types.js').AppState['remotes']} state
 * @param {import('./store.js').Action} action
 * @returns {import('./types.js').AppState['remotes']}
 */
export function remotes(state, action) {
  if (action.type === 'remote.changed') {
    const seat = /** @type {import('../signalling/types.js').SeatName} */ (action.seat);
    const before = state[seat] ?? { connection: 'connecting', framesDecoded: 0, quality: 'good', microphone: true, camera: true, paused: false, speaking: false, uplink: 0 };
    return { ...state, [seat]: { ...before, ...action.change } };
  }
  if (action.type === 'remote.gone') {
    const { [/** @type {'patient'} */ (action.seat)]: _, ...rest } = state;
    return rest;
  }
  return state;
}
