// What each side may do with a consultation, and what has happened to one while somebody looked elsewhere (CU-6.2, CU-6.5).
/** @typedef {import('./types.js').AppState} AppState */
/** @typedef {import('../signalling/types.js').Consultation} Consultation */
/** @typedef {Omit<import('./types.js').Notice, 'id'>} News */

const BEFORE_START = ['claimed', 'open'];

/** @param {Consultation} consultation */
export const isOverdue = (consultation) => consultation.overdue !== null;

/**
 * To another physician; or to everybody, which needs that it is not there already.
 * @param {Consultation} consultation
 */
export function mayChange(consultation) {
  const { state } = consultation;
  return state === 'requested' || state === 'refused' || (BEFORE_START.includes(state) && isOverdue(consultation));
}

/** @param {Consultation} consultation */
export function mayOpenToAll(consultation) {
  return mayChange(consultation) && !(consultation.state === 'requested' && consultation.assigned_to === null);
}

/** @param {Consultation} consultation */
export const mayCancel = ({ state }) => state === 'requested' || state === 'refused' || BEFORE_START.includes(state);

/** @param {Consultation} consultation */
export const mayGiveBack = ({ state }) => BEFORE_START.includes(state);

/**
 * Documents that the patient's side has not fetched yet: nobody can close before (CU-5.2).
 * @param {Consultation} consultation
 */
export const unfetched = ({ documents }) => documents.filter(({ fetched_at }) => fetched_at === null);

/**
 * What the page does not say by itself where somebody is now.
 * @param {AppState} before
 * @param {AppState} after
 * @param {{type: string, body: any}} event that led from one to the other
 * @returns {News[]}
 */
export function newsOf(before, after, event) {
  if (event.type === 'queue' && event.body.kind === 'delta') return queueNews(before, event.body.remove);
  if (event.type !== 'consultations') return [];
  return Object.values(before.consultations.byId).flatMap((was) => consultationNews(after, was, after.consultations.byId[was.id]) ?? []);
}

/**
 * A request that is taken from the list, unless it was by this page.
 * @param {AppState} state @param {{id: string, why: string}[]} removed @returns {News[]}
 */
function queueNews(state, removed) {
  return removed.filter(({ id, why }) => why === 'reassigned' || (why === 'refused' && !state.forms[`refuse ${id}`]?.busy))
    .map(({ why }) => ({ tone: 'calm', key: `news.queue.${why}`, values: {} }));
}

/**
 * @param {AppState} state @param {Consultation} was @param {Consultation | undefined} is
 * @returns {News | null}
 */
function consultationNews(state, was, is) {
  // Those in its room are told there.
  if (state.room?.id === was.id) return null;
  if (was.practitioner?.id === state.session.account?.id) {
    const taken = BEFORE_START.includes(was.state) && is?.practitioner?.id !== was.practitioner?.id;
    return taken && isOverdue(was) && !state.forms[`release ${was.id}`]?.busy ? { tone: 'calm', key: 'news.reassigned', values: {} } : null;
  }
  if (!is) return null;
  // Whoever changes practitioner begins a new time to claim; a claim that is given back does not.
  if (BEFORE_START.includes(was.state) && is.state === 'requested' && was.claim_due_at === is.claim_due_at) {
    return { tone: 'calm', key: 'news.released', values: {} };
  }
  if (state.route.page === 'consultation' && state.route.id === is.id) return null;
  if (was.state !== 'refused' && is.state === 'refused') return { tone: 'calm', key: 'news.refused', values: {} };
  return was.overdue !== is.overdue && isOverdue(is) ? { tone: 'calm', key: 'news.overdue', values: {} } : null;
}
