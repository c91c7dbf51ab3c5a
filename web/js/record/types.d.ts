// The shapes of docs/openapi.yaml that the record's pages use, for the type checker only.
import type { Id, State } from '../signalling/types.js';

/** `details` are those of the event's name; a newer server may know names and members that this page does not. */
export interface RecordEvent { index: number; at: number; event: string; actor: Id | null; details: Record<string, any> }
/** Without a name once the account was erased. */
export interface KnownName { given_name: string; family_name: string }
export interface ConsultationRecord { consultation: Id; events: RecordEvent[]; people: { id: Id; name: KnownName | null }[] }
export interface RecordKey { algorithm: string; public_key: string; fingerprint: string | null }
export interface PastConsultation {
  id: Id; state: State; side: 'patient' | 'practitioner'; requested_at: number; ended_at: number | null; closed_at: number | null; other: KnownName | null;
}
