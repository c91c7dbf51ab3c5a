// The shapes of docs/protocol.md, for the type checker only: browsers never load this file.

export type Id = string;
export type SeatName = "practitioner" | "patient" | "guardian1" | "guardian2";
export type JoinAs = "practitioner" | "patient" | "guardian";
export type State = "requested" | "refused" | "claimed" | "open" | "in_progress" | "suspended" | "ended" | "closed" | "cancelled";
export type Status = "adult" | "minor" | "protected_adult";
export type Payment = "tiers_payant_integral" | "tiers_payant_amo" | "carte_bancaire";
export type EndReason = "completed" | "conditions_not_met" | "technical" | "emergency" | "other";
export type Grounds = "professional" | "personal";
export type ClosedWhy = "confirmed" | "practitioner" | "retention" | "account";
export type Presence = "available" | "away" | "in_consultation" | "offline";
export type Document = "terms" | "privacy";
export type SignalKind = "offer" | "answer" | "candidate" | "end_of_candidates" | "bye";

export interface Named { id: Id; given_name: string; family_name: string }
export interface Account extends Named { email: string; roles: ("patient" | "guardian" | "practitioner" | "operator")[] }
export interface Person extends Named { role: "patient" | "practitioner" | "parent" | "tutor" | "curator" }
export interface Practitioner extends Named { specialty: string | null; presence: Presence }
export interface Represented extends Named {
  relation: "self" | "parent" | "tutor" | "curator"; status: Status; attending: Named | null;
}
export interface PractitionerSelf {
  verification: "pending" | "verified" | "refused" | "suspended";
  specialty: string | null; sector: number | null; presence: Presence;
}
export interface Limits { message_bytes: number; messages_per_second: number; burst: number; reason_characters: number }
/** The answer to `hello` where a session begins. */
export interface Hello {
  session: Id; secret: string; resumed: false; seq: number; server_time: number; room: null; account: Account;
  practitioner: PractitionerSelf | null; patients: Represented[]; limits: Limits;
}
/** The answer to `hello` where one goes on; `room` is where its seat is. */
export interface Resumed { session: Id; secret: string; resumed: true; seq: number; server_time: number; room: Id | null }
export interface Consultation {
  id: Id; state: State; assignment: "attending" | "unassigned"; payment: Payment; reason: string | null;
  requested_at: number; claimed_at: number | null; opened_at: number | null; started_at: number | null;
  ended_at: number | null; end_reason: EndReason | null; claim_due_at: number; start_due_at: number | null;
  overdue: "claim" | "start" | null; overdue_since: number | null;
  close_due_at: number | null; closed_at: number | null; closed_why: ClosedWhy | null;
  refused_grounds: Grounds | "unavailable" | null; refused_at: number | null; refused_by: Practitioner | null;
  patient: Person; status: Status; age: number; guardians: Person[];
  assigned_to: Practitioner | null; practitioner: Practitioner | null; documents: HandedOver[];
}
/** What the practitioner handed over; `size` in bytes. */
export interface HandedOver {
  id: Id; name: string | null; kind: "prescription" | "sick_note" | "letter" | "other";
  type: "application/pdf" | "image/jpeg" | "image/png"; size: number; handed_over_at: number; fetched_at: number | null; salt: string | null;
}
export interface Card {
  id: Id; assignment: "mine" | "unassigned"; age: number; flags: ("minor" | "protected_adult" | "overdue")[];
  reason: string | null; payment: Payment; requested_at: number; claim_due_at: number;
}
export interface RoomSeat { seat: SeatName; present: boolean; persons: Person[] }
export interface PeerEntry { seat: SeatName; negotiation: number; offers: SeatName }
export interface Room {
  kind: "snapshot"; state: State; you: SeatName; seats: RoomSeat[];
  admission: { holds: boolean; missing: ("patient" | "guardian")[] }; peers: PeerEntry[];
}
export interface IceServer { urls: string[]; username?: string; credential?: string }
/** The policy is told with the seat only; `ice_expires_at` is null where nothing expires. */
export interface Ice { ice_servers: IceServer[]; ice_expires_at: number | null; ice_transport_policy?: "all" | "relay" }
export interface Seated extends Ice { seat: SeatName; room: Room }
export interface RoomClosed { why: "ended" | "cancelled" | "released" | "reassigned" | "taken_over" | "not_admitted" | "connection_lost"; reason?: EndReason }

/** Planned maintenance (CU-5.1): nothing new begins until `until`. */
export interface Maintenance { message: string; until: number }
export interface WireError {
  code: string; message: string; retry: "never" | "now" | "later"; after_ms?: number;
  details?: { field?: string; received?: number; by?: string; state?: State; missing?: string[]; count?: number; message?: string; until?: number };
}
export interface ServerEvent { seq: number; type: string; room?: Id; body: any }
export interface SentSignal { room: Id; to: SeatName; kind: SignalKind; negotiation: number; data: object }
export interface ReceivedSignal {
  seq: number; room: Id; from: SeatName; to: SeatName; kind: SignalKind; negotiation: number; data: any;
}
export type Frame =
  | { is: "reply"; re: number | null; ok: true; body: any }
  | { is: "reply"; re: number | null; ok: false; error: WireError }
  | { is: "event"; event: ServerEvent }
  | { is: "signal"; signal: ReceivedSignal };

/** What the socket is doing, in words that a page can show. */
export type Phase = "idle" | "connecting" | "online" | "lost" | "over";
/** What a page wants to hear; everything is optional. */
export interface Listener {
  onPhase?(phase: Phase, info: { code?: string; afterMs?: number }): void;
  /** A new session: what the server told before is to be forgotten, snapshots follow. */
  onHello?(hello: Hello): void;
  /** The session goes on: what was missed follows. */
  onResumed?(resumed: Resumed): void;
  onEvent?(event: ServerEvent): void;
  onSignal?(signal: ReceivedSignal): void;
  /** Of a signal, or one that answers no request. */
  onError?(error: import("./protocol.js").BrokerError): void;
}
/** What was sent and has no answer yet. */
export interface Pending {
  frame: (id: number) => string;
  /** Whether it is sent again on the next connection: mutations, and signals of a session that goes on. */
  stays: boolean;
  tries: number;
  resolve: (body: any) => void;
  reject: (error: import("./protocol.js").BrokerError) => void;
}
