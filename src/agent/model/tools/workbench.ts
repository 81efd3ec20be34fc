import type { SessionState } from '../../../commands/session/state.js';
import type { AgentTools, Turn } from '../../agent.js';
import type { Refusal } from '../../../commands/decision.js';
import type { Effect } from '../../guided/effects.js';
import type { Knowledge } from '../../guided/knowledge.js';
import type { Paragraph } from '../../guided/plan.js';
import type { discards, Question } from '../../guided/questions.js';
import type { ModelSettings } from '../settings.js';
import type { EarlierMessage } from './earlier.js';

/** What the tools of one turn work with. */
export interface Workbench {
  readonly tools: AgentTools;
  readonly message: Turn['message'];
  /** The session when the turn began. */
  readonly before: SessionState;
  /** What the citizen wrote in this conversation, this message last; unmasked. */
  readonly said: readonly string[];
  /** What they told before this message and no tool kept, as the turn began. */
  readonly earlier: readonly EarlierMessage[];
  readonly settings: ModelSettings;
  readonly knowledge: Knowledge;
  /** What was done that the program itself must tell the citizen. */
  readonly done: Done;
}

export interface Done {
  /** What the program says before the model's words. */
  readonly first: Paragraph[];
  /** What the program says itself, in the order in which it came about: a filing, a lookup, a question about a filed case. */
  readonly effects: Effect[];
  cardShown: boolean;
  /** Filed in this very turn. */
  filed: boolean;
  /** A question that the program asks before something is thrown away; the guided assistant takes the answer. */
  sure: (typeof discards)[number] | null;
  /** The closed question that the model says it asks. */
  asks: Question | null;
  /** The answers could not be shown, or the filing was refused: the program says what is missing, and asks for it. */
  missed: Refusal | null;
}

export const nothingDone = (): Done => ({
  first: [],
  effects: [],
  cardShown: false,
  filed: false,
  sure: null,
  asks: null,
  missed: null,
});

/** What the model is told of a call. `code` is recorded in provenance: `ok`, or why not. */
export interface ToolAnswer {
  readonly code: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export const ok = (content: Readonly<Record<string, unknown>> = {}): ToolAnswer => ({
  code: 'ok',
  content: { ok: true, ...content },
});

export const no = (code: string, message: string): ToolAnswer => ({ code, content: { ok: false, code, message } });
