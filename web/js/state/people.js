// What the pages about people have loaded: their own code, and what the server told them.
/** @typedef {import('./types.js').PeopleState} PeopleState */

/** @type {PeopleState} */
export const NOTHING = { ready: [], broken: false, data: {} };

/**
 * @param {PeopleState} state
 * @param {import('./store.js').Action} action
 * @returns {PeopleState}
 */
export function people(state, action) {
  switch (action.type) {
    case 'people.ready':
      return { ...state, broken: false, ready: [...state.ready, action.page] };
    case 'route':
      return state.broken ? { ...state, broken: false } : state;
    case 'people.broken':
      return { ...state, broken: action.broken };
    case 'people.loading':
      return keep(state, action.key, { phase: 'loading', value: state.data[action.key]?.value ?? null, error: null });
    case 'people.loaded':
      return keep(state, action.key, { phase: 'loaded', value: action.value, error: null });
    case 'people.failed':
      return keep(state, action.key, { phase: 'failed', value: null, error: action.error });
    case 'people.forget': {
      const { [action.key]: _, ...data } = state.data;
      return { ...state, data };
    }
    // Whoever signs in or out need not be the person whose data these were.
    case 'session.signed_in':
    case 'session.signed_out':
      return { ...state, data: {} };
    default:
      return state;
  }
}

/** @param {PeopleState} state @param {string} key @param {import('./types.js').Loaded} loaded @returns {PeopleState} */
function keep(state, key, loaded) {
  return { ...state, data: { ...state.data, [key]: loaded } };
}

/**
 * What was loaded under a key, or null.
 * @param {import('./types.js').AppState} state
 * @param {string} key
 * @returns {any}
 */
export function loadedValue(state, key) {
  return state.people.data[key]?.value ?? null;
}
