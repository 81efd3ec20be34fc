import type { ConnectOptions, Connected, Peer } from './peer.js';

export const profiles = ['classic', 'v1'] as const;
export type Profile = (typeof profiles)[number];

/** What POST /api/agent/session answered. */
export interface SessionInfo {
  readonly sessionId: string;
  /** The whole answer. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a case gets: ways to the server under test. Everything that it opens is closed after it. */
export interface Bench {
  /** Origin of the HTTP API, such as `http://localhost:3000`. */
  readonly http: string;
  /** How long the assistant may take for an answer, in ms. */
  readonly replyMs: number;
  /** Opens a session of the case's own. Waits (outside the time of the case) while the server limits new sessions. */
  openSession(): Promise<SessionInfo>;
  /** Connects to the session; `null` names none. Fails when the server refuses. */
  connect(session: SessionInfo | null, options?: ConnectOptions): Promise<Peer>;
  /** The same, but a refusal is an answer. */
  tryConnect(sessionId: string | null, options?: ConnectOptions): Promise<Connected>;
  /** A request to the HTTP API; `path` begins with a slash. Ends with the case. */
  request(path: string, init?: RequestInit): Promise<Response>;
  pause(ms: number): Promise<void>;
}

/** One numbered case. Its rule is a sentence of PROTOCOL.md, word for word. */
export interface Case {
  readonly id: string;
  readonly profile: Profile;
  /** Section of PROTOCOL.md. */
  readonly section: string;
  readonly title: string;
  readonly rule: string;
  /** Time for it, in ms, beside what the runner adds for replies. Default 15 s. */
  readonly limitMs?: number;
  /** Passes by resolving; throws `failed`, `skipped` or anything else. */
  readonly run: (bench: Bench) => Promise<void>;
}

export interface CaseResult {
  readonly id: string;
  readonly profile: Profile;
  readonly section: string;
  readonly title: string;
  readonly rule: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly reason: string | null;
  readonly ms: number;
}
