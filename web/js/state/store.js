// One state, one way to change it, and listeners that hear once for each batch of changes.
/** @typedef {import('./types.js').AppState} AppState */
/** @typedef {{type: string, [member: string]: any}} Action */

/**
 * @param {(state: AppState, action: Action) => AppState} reduce
 * @param {AppState} initial
 */
export function createStore(reduce, initial) {
  let state = initial;
  let scheduled = false;
  /** @type {Set<(state: AppState) => void>} */
  const listeners = new Set();
  const notify = () => {
    scheduled = false;
    for (const listener of listeners) listener(state);
  };
  return {
    get: () => state,
    /** @param {Action} action */
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      if (scheduled) return;
      scheduled = true;
      // Not requestAnimationFrame: the title's badge must change in a tab that nobody looks at.
      queueMicrotask(notify);
    },
    /** @param {(state: AppState) => void} listener */
    subscribe(listener) {
      listeners.add(listener);
    },
  };
}
/** @typedef {ReturnType<typeof createStore>} Store */
