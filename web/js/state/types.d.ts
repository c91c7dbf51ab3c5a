// The whole state of the page, for the type checker only.
import type {
  Account, Card, Consultation, Document, EndReason, Id, JoinAs, Limits, Maintenance, Named, Person, Phase, PractitionerSelf, Represented, Room, SeatName,
} from '../signalling/types.js';
import type { MediaState } from '../call/stopped.js';
import type { PeoplePage } from '../people/registry.js';

export type Language = 'fr' | 'en';
export interface SessionState {
  phase: 'unknown' | 'signed_out' | 'signed_in';
  account: Account | null;
  /** Texts to agree to before anything else (CU-3). */
  consentsNeeded: Document[];
  secondFactor: boolean;
  /** Null until the first answer to hello. */
  practitioner: PractitionerSelf | null;
  patients: Represented[];
  limits: Limits | null;
  greeted: boolean;
  /** Server's clock minus this one's, in milliseconds. */
  skew: number;
  /** Why nobody is signed in any more, where that was not their own wish. */
  ended: string | null;
}
export interface ConnectionState { phase: Phase; code: string | null }
export interface ConsultationsState { loaded: boolean; byId: Record<Id, Consultation> }
export interface QueueState { loaded: boolean; byId: Record<Id, Card>; unseen: Id[]; heard: Id[] }
export interface RoomState {
  id: Id;
  as: JoinAs;
  phase: 'preparing' | 'joining' | 'seated' | 'left' | 'seat_taken' | 'taken_over' | 'closed';
  seat: SeatName | null;
  snapshot: Room | null;
  /** Who was in each seat last, whether they are there now or not. */
  known: Partial<Record<SeatName, Person[]>>;
  closed: { why: 'ended' | 'cancelled' | 'released' | 'reassigned' | 'not_admitted'; reason: EndReason | null } | null;
  takenBy: string | null;
  companion: Person | null;
}
export interface RemoteState {
  connection: 'connecting' | 'connected' | 'reconnecting';
  framesDecoded: number;
  quality: 'good' | 'fair' | 'poor';
  microphone: boolean;
  camera: boolean;
  /** Their picture, by a weak network. */
  paused: boolean;
  speaking: boolean;
  /** How far one's own video towards them is lowered: 0 is not at all. */
  uplink: number;
}
/**
 * With one other page. A text is `sent`, then `got`; a file `offered`, `moving`, `checking`, and then `done`, `refused`, `cancelled` or `failed`
 * (it was not what was offered). `lost`: the connection ended before.
 */
export interface ChatPeer { phase: 'sent' | 'got' | 'offered' | 'moving' | 'checking' | 'done' | 'refused' | 'cancelled' | 'failed' | 'lost'; bytes: number }
export interface ChatEntry {
  id: Id;
  mine: boolean;
  /** Whose words they are, as they were called then. */
  who: string;
  at: number;
  text: string | null;
  file: { name: string; size: number } | null;
  /** The pages it went to, or the one it came from. */
  peers: Partial<Record<SeatName, ChatPeer>>;
  /** Where the file can be saved from, once it is whole. */
  url: string | null;
}
export interface ChatState { entries: ChatEntry[]; unread: number }
/** A document on its way; after `waiting` it goes on by itself, after `paused` and `failed` when somebody says so. */
export interface Transfer {
  consultation: Id; document: Id | null; way: 'up' | 'down'; name: string; size: number; bytes: number;
  phase: 'moving' | 'waiting' | 'paused' | 'checking' | 'failed'; error: string | null;
}
/** `arrived`: what has come since the page was last turned; `key` tells one piece of news from the next. */
export interface DocumentsState { transfers: Record<string, Transfer>; arrived: { key: string; count: number } | null }
export interface Notice { id: number; tone: 'calm' | 'good' | 'error'; key: string; values: Record<string, string> }
export type Route =
  | { page: 'home' | 'desk' | 'ask' }
  | { page: 'consultation'; id: Id }
  /** `parameter` is the token of an e-mailed link, the name of a text or the id of a consultation, where the address has one. */
  | { page: PeoplePage; parameter: string | null };
/** `round` counts how often there were errors: each time they are said anew. */
export interface FormState { busy: boolean; errors: Record<string, string>; round: number }
/** Something that a page asked for; the last value stays while it is asked for again. */
export interface Loaded { phase: 'loading' | 'loaded' | 'failed'; value: any; error: string | null }
export interface PeopleState {
  /** Pages whose module, words and style are there. */
  ready: PeoplePage[];
  /** A page could not be loaded. */
  broken: boolean;
  data: Record<string, Loaded>;
}
export type Outcome = 'ok' | 'failed';
/** What was tried before the consultation (CU-4.2); null is what was not. */
export interface CheckState {
  browser: Outcome | null; camera: Outcome | null; microphone: Outcome | null;
  /** `asked`: a sound was played, and the person has not said whether they heard it. */
  speaker: Outcome | 'asked' | null;
  connection: Outcome | 'running' | null;
}
export interface AppState {
  language: Language;
  session: SessionState;
  connection: ConnectionState;
  consultations: ConsultationsState;
  queue: QueueState;
  available: number | null;
  room: RoomState | null;
  media: MediaState;
  devices: { id: string; kind: 'audio' | 'video'; label: string }[];
  remotes: Partial<Record<SeatName, RemoteState>>;
  chat: ChatState;
  documents: DocumentsState;
  notices: Notice[];
  route: Route;
  people: PeopleState;
  check: CheckState;
  maintenance: Maintenance | null;
  /** The request being written. Its reason stays in its field: only its length is known here. */
  draft: { patient: string; assignment: string; payment: string; used: number };
  /** By form or button; absent means idle and without errors. */
  forms: Record<string, FormState>;
  /** Panels and questions that are open: "end", "attest", "cancel"… */
  open: Record<string, boolean>;
  bell: { muted: boolean; notifications: 'unsupported' | 'default' | 'granted' | 'denied' };
  now: number;
}
export type { Named };
