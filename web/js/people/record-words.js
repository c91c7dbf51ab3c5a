// The record of a consultation in words: what happened, and the technical incidents.

/** @typedef {import('../ui/i18n.js').Translator} Words */
/** @typedef {import('./types.js').RecordEvent} RecordEvent */
/** @typedef {import('./types.js').ConsultationRecord} ConsultationRecord */

/** What is not of the matter, but of the machines. */
export const isIncident = (/** @type {RecordEvent} */ { event }) => event === 'incident';

/**
 * Somebody's name as far as it is known; the service itself where it was nobody.
 * @param {Words} words @param {ConsultationRecord['people']} people @param {string | null} id
 */
export function nameOf({ t }, people, id) {
  if (id === null) return t('record.service');
  const person = people.find((one) => one.id === id);
  if (!person) return t('record.somebody');
  return person.name ? `${person.name.given_name} ${person.name.family_name}` : t('person.erased');
}

/**
 * @param {Words} words
 * @param {ConsultationRecord} record
 * @param {RecordEvent} event
 */
export function eventWords(words, record, event) {
  const said = whatHappened(words, record, event);
  const { cause } = event.details;
  const why = `record.cause.${cause}`;
  // A suspension says its cause in its own sentence.
  return event.event !== 'suspended' && typeof cause === 'string' && words.has(why) ? `${said} ${words.t(why)}` : said;
}

/** @param {Words} words @param {ConsultationRecord} record @param {RecordEvent} event @returns {string} */
function whatHappened(words, { events, people }, { event, actor, details }) {
  const { t } = words;
  const name = (/** @type {string | null} */ id) => nameOf(words, people, id);
  const values = { who: name(actor) };
  switch (event) {
    case 'requested':
      return t(actor === details.patient ? 'record.event.requested' : 'record.event.requested_for', { ...values, patient: name(details.patient) });
    case 'refused':
      return t('record.event.refused', { ...values, grounds: oneOf(words, 'record.grounds', details.grounds) });
    case 'assigned':
      return t('record.event.assigned', { ...values, physician: name(details.assigned) });
    case 'started':
      return t('record.event.started', { ...values, persons: (details.attested ?? []).map(name).join(t('names.and')) });
    case 'suspended':
      return oneOf(words, 'record.suspended', details.cause);
    case 'overdue':
      return oneOf(words, 'record.overdue', details.clock);
    case 'ended':
      return t('record.event.ended', { ...values, reason: oneOf(words, 'end_reason', details.reason) });
    case 'closed':
      return t(actor === null ? 'record.event.closed_by_itself' : 'record.event.closed', { ...values, why: oneOf(words, 'record.closed', details.why) });
    case 'document_handed_over':
      return t('record.event.document_handed_over', { ...values, kind: oneOf(words, 'documents', details.kind), size: words.size(details.size) });
    case 'document_fetched':
    case 'document_withdrawn': {
      const handed = events.find((one) => one.event === 'document_handed_over' && one.details.document === details.document);
      return t(`record.event.${event}`, { ...values, kind: oneOf(words, 'documents', handed?.details.kind) });
    }
    case 'incident':
      return incidentWords(words, details, name(actor));
    default:
      return words.has(`record.event.${event}`) ? t(`record.event.${event}`, values) : t('record.event.other', { event });
  }
}

/** @param {Words} words @param {Record<string, any>} details @param {string} teller for whom had no seat */
function incidentWords(words, details, teller) {
  const { t } = words;
  const { kind, seat } = details;
  const who = seat ? oneOf(words, 'seat', seat) : teller;
  const text = (/** @type {string} */ name, values = {}) => t(`record.incident.${name}`, { who, ...values });
  if (kind === 'connection_resumed') return text(kind, { duration: seconds(words, details.seconds) });
  if (kind === 'relay_used') return text(details.relay ? 'relay' : 'direct');
  if (kind === 'device_check') {
    const failed = ['camera', 'microphone', 'speaker', 'connection', 'browser'].filter((part) => details[part] === 'failed');
    return failed.length === 0 ? text('check_passed') : text('check_failed', { parts: failed.map((part) => t(`record.part.${part}`)).join(t('names.and')) });
  }
  return words.has(`record.incident.${kind}`) ? text(kind) : t('record.event.other', { event: String(kind) });
}

/** @param {Words} words @param {number} count */
function seconds({ t, duration }, count) {
  return count < 60 ? t('record.seconds', { count }) : duration(count * 1000);
}

/**
 * The words for one of the known values, or for none of them.
 * @param {Words} words @param {string} family @param {unknown} value
 */
function oneOf({ t, has }, family, value) {
  const key = `${family}.${value}`;
  return has(key) ? t(key) : t('record.unknown');
}

/**
 * The incident sheet's figures.
 * @param {RecordEvent[]} events
 */
export function incidentSheet(events) {
  const incidents = events.filter(isIncident).map(({ details }) => details);
  const count = (/** @type {string} */ kind) => incidents.filter((one) => one.kind === kind).length;
  const routes = incidents.filter(({ kind }) => kind === 'relay_used').map(({ relay }) => relay === true);
  const checks = incidents.filter(({ kind }) => kind === 'device_check').map(({ result }) => result);
  return {
    lost: count('connection_lost'), resumed: count('connection_resumed'), takenOver: count('taken_over'),
    failed: count('ice_failed'), restarted: count('ice_restarted'),
    relay: routes.length === 0 ? 'unknown' : routes.includes(true) ? 'used' : 'not_used',
    check: checks.length === 0 ? 'none' : checks.includes('failed') ? 'failed' : 'passed',
    suspensions: events.filter(({ event }) => event === 'suspended'),
    end: events.find(({ event }) => event === 'ended') ?? null,
  };
}
