// The check of one's own device and connection before a consultation (CU-4.2).
/** @typedef {import('./types.js').CheckState} CheckState */

/** @type {CheckState} */
export const UNCHECKED = { browser: null, camera: null, microphone: null, speaker: null, connection: null };

/**
 * @param {CheckState} state
 * @param {import('./store.js').Action} action
 * @returns {CheckState}
 */
export function check(state, action) {
  switch (action.type) {
    case 'check':
      return { ...state, ...action.change };
    case 'media':
      return devices(state, action.media);
    case 'route':
    case 'session.signed_out':
      return UNCHECKED;
    default:
      return state;
  }
}

/**
 * What was found stays found when the camera is off again.
 * @param {CheckState} state @param {import('../call/stopped.js').MediaState} media @returns {CheckState}
 */
function devices(state, { phase, camera, cameraProblem, microphoneProblem }) {
  if (phase === 'live') return { ...state, camera: cameraProblem ? 'failed' : camera ? 'ok' : state.camera, microphone: microphoneProblem ? 'failed' : 'ok' };
  if (phase === 'asking') return state;
  return { ...state, camera: cameraProblem ? 'failed' : state.camera, microphone: microphoneProblem ? 'failed' : state.microphone };
}
