// Who is who in a record, and how far it has come: told by the events alone.
import { fullName } from '../ui/parts.js';

/** @typedef {import('./types.js').ConsultationRecord} ConsultationRecord */
/** @typedef {import('./types.js').RecordEvent} RecordEvent */
/** @typedef {'patient' | 'parent' | 'guardian' | 'practitioner'} Role */
/** @typedef {{id: string, role: Role, name: string}} Party `name` is empty once the account was erased */

/** What practitioners alone do. */
const PRACTISED = ['claimed', 'refused', 'released', 'opened', 'started', 'ended', 'document_handed_over', 'document_withdrawn'];
/** @type {Record<string, import('../signalling/types.js').State>} */
const LEADS_TO = {
  requested: 'requested', assigned: 'requested', unassigned: 'requested', released: 'requested', refused: 'refused', claimed: 'claimed', opened: 'open',
  started: 'in_progress', suspended: 'suspended', resumed: 'in_progress', ended: 'ended', cancelled: 'cancelled', closed: 'closed',
};

/**
 * The patient's side first.
 * @param {ConsultationRecord} record @returns {Party[]}
 */
export function partiesOf({ events, people }) {
  const of = (/** @type {string} */ member) => events.map(({ details }) => details[member]);
  const patient = of('patient').find(Boolean);
  const practitioners = new Set([
    ...of('practitioner'), ...of('physician'), ...of('assigned'),
    ...events.filter(({ event, details }) => PRACTISED.includes(event) || details.why === 'practitioner').map(({ actor }) => actor),
  ]);
  // Whoever else acts or is seen represents the patient (CU-6.3): a minor's parents, a protected adult's tutor or curator.
  const guardian = of('status').includes('minor') ? 'parent' : 'guardian';
  const all = new Set([patient, ...events.map(({ actor }) => actor), ...of('requester'), ...of('attested').flat(), ...practitioners]);
  const order = ['patient', guardian, 'practitioner'];
  return [...all].filter(Boolean).map((id) => ({
    id,
    role: /** @type {Role} */ (id === patient ? 'patient' : practitioners.has(id) ? 'practitioner' : guardian),
    name: nameOf(people, id),
  })).sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
}

/** @param {RecordEvent[]} events */
export function stateOf(events) {
  return events.filter(({ event }) => Object.hasOwn(LEADS_TO, event)).map(({ event }) => LEADS_TO[event]).at(-1) ?? 'requested';
}

/** @param {ConsultationRecord['people']} people @param {string} id */
function nameOf(people, id) {
  const name = people.find((person) => person.id === id)?.name;
  return name ? fullName(name).trim() : '';
}
