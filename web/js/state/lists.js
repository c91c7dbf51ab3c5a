// Lists that the server sends as a snapshot or as a delta.

/**
 * @template {{id: string}} T
 * @param {Record<string, T>} byId
 * @param {{kind: string, items?: T[], upsert?: T[], remove?: (string | {id: string})[]}} body
 * @returns {Record<string, T>}
 */
export function applyList(byId, body) {
  if (body.kind === 'snapshot') return index(body.items ?? []);
  const next = { ...byId, ...index(body.upsert ?? []) };
  for (const gone of body.remove ?? []) delete next[typeof gone === 'string' ? gone : gone.id];
  return next;
}

/**
 * @template {{id: string}} T
 * @param {T[]} items
 * @returns {Record<string, T>}
 */
function index(items) {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}

/**
 * @param {import('./types.js').ConsultationsState} state
 * @param {import('./store.js').Action} action
 * @returns {import('./types.js').ConsultationsState}
 */
export function consultations(state, action) {
  if (action.type === 'server.consultations') return { loaded: true, byId: applyList(state.byId, action.body) };
  if (action.type === 'consultation') {
    return { ...state, byId: { ...state.byId, [action.consultation.id]: action.consultation } };
  }
  return state;
}

/** @type {import('./types.js').QueueState} */
export const NO_QUEUE = { loaded: false, byId: {}, unseen: [], heard: [] };

/**
 * `unseen` are the requests that ring: those that came after the first list, until the practitioner touches the page.
 * @param {import('./types.js').QueueState} state
 * @param {import('./store.js').Action} action
 * @returns {import('./types.js').QueueState}
 */
export function queue(state, action) {
  if (action.type === 'queue.seen') return state.unseen.length > 0 ? { ...state, unseen: [] } : state;
  // In a session without a queue there is no snapshot that would replace it.
  if (action.type === 'server.hello' && action.body.practitioner?.verification !== 'verified') return NO_QUEUE;
  if (action.type !== 'server.queue') return state;
  const byId = applyList(state.byId, action.body);
  const ids = Object.keys(byId);
  const fresh = state.loaded ? ids.filter((id) => !state.heard.includes(id)) : [];
  const unseen = [...state.unseen, ...fresh].filter((id) => id in byId);
  return { loaded: true, byId, unseen, heard: ids };
}
