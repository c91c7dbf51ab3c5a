// The shapes of docs/openapi.yaml that the pages about people use, for the type checker only.
import type { Account, Document, Id, Status } from '../signalling/types.js';

export type Protection = 'none' | 'tutelle' | 'curatelle';
export type Relation = 'parent' | 'tutor' | 'curator';
export type Verification = 'pending' | 'verified' | 'refused' | 'suspended';
export interface Address { street: string; postal_code: string; city: string; country: string }
export interface FoundPractitioner { id: Id; given_name: string; family_name: string; specialty: string | null }
export type Attending = FoundPractitioner | { name: string };
export interface TextRef {
  document: Document; version: number; language: 'fr' | 'en'; sha256: string; published_at: number; url: string;
}
export interface Given {
  document: Document; version: number; language: 'fr' | 'en'; sha256: string; given_at: number; by: 'self' | 'guardian' | 'import'; url: string;
}
export interface Consents { needed: TextRef[]; given: Given[] }
export interface Details extends Account {
  language: 'fr' | 'en'; postal_address: Address | null; birth_date: string | null; protection: Protection | null; attending: Attending | null;
  practitioner: { rpps: string; specialty: string; sector: number; verification: Verification; ground: string | null } | null;
  second_factor: boolean; created_at: number; pending_email: string | null;
}
export interface OpenSession {
  id: Id; kind: 'cookie' | 'bearer' | 'companion'; device: string | null; created_at: number; last_used_at: number; expires_at: number; current: boolean;
}
export interface Loss {
  consultations: { requested: number; claimed: number; in_progress: number };
  patients_erased: { id: Id; given_name: string; family_name: string }[];
  patients_left: { id: Id; given_name: string; family_name: string }[];
  documents_unfetched: number;
}
export interface Health { history: string | null; social_security_number: string | null; updated_at: number | null }
export interface Invitation { id: Id; email: string; relation: Relation; created_at: number; expires_at: number }
export interface Patient {
  id: Id; relation: 'self' | Relation; given_name: string; family_name: string; birth_date: string; protection: Protection; status: Status;
  attending: Attending | null; own_sign_in: boolean;
  guardians: { id: Id; given_name: string; family_name: string; relation: Relation; since: number; revocable: boolean }[];
  invitations: Invitation[];
}
export interface Received {
  id: Id; relation: Relation; patient: { given_name: string; family_name: string };
  invited_by: { given_name: string; family_name: string } | null; expires_at: number;
}
export interface OperatorPractitioner {
  id: Id; given_name: string; family_name: string; email: string; rpps: string; specialty: string; sector: number;
  verification: Verification; ground: string | null; decided_at: number | null; applied_at: number;
}
export interface OperatorAccount extends Account {
  created_at: number; closed: { at: number; ground: string } | null; protection: Protection | null; second_factor: boolean;
}
export interface AuditEntry { id: number; at: number; actor: string; action: string; subject: string; other: string | null; ground: string | null }
