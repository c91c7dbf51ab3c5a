// One event of a record in words: what happened, by whom, and what else the record says of it.
/** @typedef {import('./telling.js').Telling} Telling */
/** @typedef {import('./types.js').RecordEvent} RecordEvent */
/** @typedef {Record<string, any>} Details */

/** @type {Record<string, (telling: Telling, details: Details) => (string | false | undefined)[]>} */
const FACTS = {
  requested: (telling, { assigned, payment, claim_due_at }) => [
    addressed(telling, assigned),
    payment && telling.t('record.payment', { payment: telling.word('payment.short', payment) }),
    claimDue(telling, claim_due_at)],
  claimed: (telling, { start_due_at }) => [start_due_at && telling.t('record.start_due', { time: telling.when(start_due_at) })],
  refused: (telling, { grounds }) => [grounds && telling.word('record.grounds', grounds)],
  assigned: (telling, { assigned, claim_due_at }) => [addressed(telling, assigned), claimDue(telling, claim_due_at)],
  unassigned: (telling, { claim_due_at }) => [addressed(telling, null), claimDue(telling, claim_due_at)],
  opened: (telling, { status }) => [status && telling.word('record.status', status)],
  started: (telling, { attested }) => [Array.isArray(attested) && telling.t('record.attested', { persons: attested.map((id) => telling.who(id)).join(telling.t('record.and')) })],
  suspended: (telling, { cause }) => [cause && telling.word('record.cause', cause)],
  ended: (telling, { reason, close_due_at }) => [
    reason && telling.t('record.reason', { reason: telling.word('end_reason', reason) }),
    close_due_at && telling.t('record.close_due', { time: telling.when(close_due_at) })],
  overdue: (telling, { due_at }) => [due_at && telling.t('record.due_was', { time: telling.when(due_at) })],
  document_handed_over: (telling, { document, kind, type, size }) => [
    [telling.document(document), telling.word('documents', kind), telling.word('record.type', type), typeof size === 'number' && telling.words.size(size)].filter(Boolean).join(' · ')],
  document_fetched: (telling, { document }) => [telling.document(document)],
  document_withdrawn: (telling, { document }) => [telling.document(document)],
  closed: (telling, { why }) => [why && telling.word('record.closed', why)],
  clock_stepped: (telling, { by_ms }) => [typeof by_ms === 'number' && telling.t(by_ms < 0 ? 'record.clock.back' : 'record.clock.forward', { duration: telling.lasting(Math.abs(by_ms)) })],
};

/** @param {Telling} telling @param {RecordEvent} event */
export function titleOf({ t, words }, { event, details }) {
  const keys = [`record.event.${event}.${details.clock}`, `record.event.${event}`];
  const key = keys.find((one) => words.has(one));
  return key ? t(key) : t('record.event.unknown', { name: event });
}

/**
 * What an event became by itself is said with what brought it about, such as an account that was erased.
 * @param {Telling} telling @param {RecordEvent} event
 */
export function actorOf(telling, { event, actor, details }) {
  const cause = event !== 'suspended' && details.cause;
  return cause ? telling.t('record.by_cause', { cause: telling.word('record.cause', cause) }) : telling.t('record.by', { who: telling.who(actor) });
}

/** @param {Telling} telling @param {RecordEvent} event @returns {string[]} */
export function factsOf(telling, { event, details }) {
  const facts = Object.hasOwn(FACTS, event) ? FACTS[event](telling, details) : [];
  return facts.filter((fact) => typeof fact === 'string' && fact !== '').map(String);
}

/** @param {Telling} telling @param {unknown} physician */
function addressed(telling, physician) {
  return physician ? telling.t('record.addressed', { who: telling.who(physician) }) : telling.t('record.addressed_all');
}

/** @param {Telling} telling @param {unknown} at */
function claimDue(telling, at) {
  return typeof at === 'number' && telling.t('record.claim_due', { time: telling.when(at) });
}
