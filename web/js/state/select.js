// Questions that the pages ask of the state.
/** @typedef {import('./types.js').AppState} AppState */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */

const RUNNING = new Set(['requested', 'refused', 'claimed', 'open', 'in_progress', 'suspended']);
const ENTERABLE = new Set(['open', 'in_progress', 'suspended']);

/** @param {Consultation} consultation */
export const isRunning = (consultation) => RUNNING.has(consultation.state);
/** @param {Consultation} consultation */
export const canEnter = (consultation) => ENTERABLE.has(consultation.state);

/**
 * The server's time.
 * @param {AppState} state
 */
export const serverNow = (state) => state.now + state.session.skew;

/** @param {AppState} state */
export function isVerified(state) {
  return state.session.practitioner?.verification === 'verified';
}

/** @param {AppState} state @param {'practitioner' | 'patient' | 'guardian' | 'operator'} role */
export function hasRole(state, role) {
  return state.session.account?.roles.includes(role) ?? false;
}

/**
 * Longest waiting first.
 * @param {AppState} state
 */
export function cards(state) {
  return Object.values(state.queue.byId).sort((a, b) => a.requested_at - b.requested_at || a.id.localeCompare(b.id));
}

/**
 * Those under way first, the newest of each first.
 * @param {AppState} state
 * @param {'desk' | 'home'} side
 */
export function myConsultations(state, side) {
  const me = state.session.account?.id;
  return Object.values(state.consultations.byId)
    .filter((consultation) => (consultation.practitioner?.id === me) === (side === 'desk'))
    .sort((a, b) => Number(isRunning(b)) - Number(isRunning(a)) || b.requested_at - a.requested_at);
}

/** @param {AppState} state */
export function chosenConsultation(state) {
  return state.route.page === 'consultation' ? state.consultations.byId[state.route.id] ?? null : null;
}

/**
 * The room state of the consultation that is looked at.
 * @param {AppState} state
 * @param {string} id
 */
export function roomOf(state, id) {
  return state.room?.id === id ? state.room : null;
}

/**
 * In a room, or about to be.
 * @param {AppState} state
 */
export function isInRoom(state) {
  return state.room !== null && ['preparing', 'joining', 'seated'].includes(state.room.phase);
}

/**
 * A word for tests and for the call page.
 * @param {AppState} state
 */
export function callState(state) {
  const { room } = state;
  if (!room) return 'none';
  if (room.phase !== 'seated' || !room.snapshot) return room.phase.replace('_', '-');
  if (room.snapshot.state === 'suspended') return 'suspended';
  if (!room.snapshot.admission.holds || room.snapshot.peers.length === 0) return 'waiting';
  return room.snapshot.peers.every(({ seat }) => state.remotes[seat]?.connection === 'connected') ? 'connected' : 'connecting';
}

/**
 * How many requests the title tells of.
 * @param {AppState} state
 */
export function badge(state) {
  return state.session.practitioner?.presence === 'available' ? Object.keys(state.queue.byId).length : 0;
}
