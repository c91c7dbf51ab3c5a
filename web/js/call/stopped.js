// What a device that sends nothing looks like, for whoever needs to know that before there is a call.

/** @typedef {'refused' | 'missing' | 'busy' | 'insecure' | 'failed'} Problem */
/**
 * @typedef {object} MediaState
 * @property {'stopped' | 'asking' | 'live'} phase
 * @property {boolean} microphone there is one, and it is switched on
 * @property {boolean} camera
 * @property {Problem | null} microphoneProblem
 * @property {Problem | null} cameraProblem
 */

/** @type {MediaState} */
export const STOPPED = { phase: 'stopped', microphone: true, camera: true, microphoneProblem: null, cameraProblem: null };
