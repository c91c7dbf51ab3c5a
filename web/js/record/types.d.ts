// The shapes of docs/openapi.yaml that the record's pages use, for the type checker only.
import type { Id, Named, State } from '../signalling/types.js';

export type Role = 'patient' | 'parent' | 'tutor' | 'curator' | 'practitioner';
/** Somebody whom the record names by the id of an account; without a name once the account was erased. */
export interface Party extends Named { role: Role }
/** `details` are those of the event's name; a newer server may know names and members that this page does not. */
export interface RecordEvent { seq: number; n: number; at: number; event: string; actor: Id | null; details: Record<string, any> }
export interface ConsultationRecord { consultation: Id; state: State; people: Party[]; events: RecordEvent[] }
export interface RecordKey { id: string; algorithm: string; public_key: string }
export interface PastConsultation {
  id: Id; state: State; side: 'patient' | 'practitioner'; requested_at: number; ended_at: number | null; closed_at: number | null; other: Named | null;
}
