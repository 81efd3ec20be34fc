import type { Provenance } from '../agent.js';
import type { ChatMessage, ChatRequest, Completion, ToolCall } from './chat-model.js';
import { requestHashOf } from './context.js';
import type { Correction } from './guard.js';
import type { Prompt } from './prompt.js';
import { tokensOf, tokensOfMessage, tokensOfTools } from './tokens.js';

/** Longest exchange that is recorded, in characters: beyond it the last request of the turn cannot be made again. */
const EXCHANGE_CHARS = 60_000;

/** Writes down how a turn with the model goes. */
export interface RecordOfTurn {
  asked(request: ChatRequest): void;
  /** The call that is under way said something. */
  heard(piece: string): void;
  /** A call was answered, wholly or in part. */
  spent(request: ChatRequest, completion: Pick<Completion, 'usage' | 'text' | 'toolCalls'>): void;
  retried(): void;
  firstText(): void;
  called(call: ToolCall, outcome: string): void;
  exchanged(messages: readonly ChatMessage[]): void;
  corrected(corrections: readonly Correction[]): void;
  /** In and out together. */
  tokens(): number;
  provenance(): Provenance;
}

const estimateIn = ({ messages, tools }: ChatRequest): number =>
  tokensOfTools(tools) + messages.reduce((sum, message) => sum + tokensOfMessage(message), 0);

type Running = { readonly request: ChatRequest; in?: number; out: number } | undefined;

const costOf = (call: Running): number => (call === undefined ? 0 : (call.in ??= estimateIn(call.request)));

/** @param now a clock in ms that never goes back */
export const createRecordOfTurn = (model: string, prompt: Prompt, now: () => number): RecordOfTurn => {
  const startedAt = now();
  let known: Provenance = { model, promptVersion: prompt.version, promptHash: prompt.hash };
  let tokensIn = 0;
  let tokensOut = 0;
  let retries = 0;
  /** The call under way: what it will have cost is estimated, should the citizen stop it. */
  let running: Running;
  const underWay = () => (running !== undefined && running.out > 0 ? running : undefined);
  const tools: { name: string; outcome: string }[] = [];
  /** The first request of the turn: what the log tells of it can be checked by its hash. */
  let first: ChatRequest | undefined;
  const hashFirst = (): void => {
    if (first !== undefined && known.requestHash === undefined)
      known = { ...known, requestHash: requestHashOf(model, first) };
  };
  return {
    asked: (request) => {
      running = { request, out: 0 };
      if (first !== undefined) return;
      first = request;
      // After the request is on its way: nobody waits for it.
      setImmediate(hashFirst);
    },
    heard: (piece) => {
      if (running !== undefined) running.out += tokensOf(piece);
    },
    spent: (request, { usage, text, toolCalls }) => {
      running = undefined;
      tokensIn += usage?.tokensIn ?? estimateIn(request);
      tokensOut += usage?.tokensOut ?? tokensOfMessage({ role: 'assistant', content: text, toolCalls });
      if (usage === null) known = { ...known, tokensEstimated: true };
    },
    retried: () => {
      retries += 1;
    },
    firstText: () => {
      if (known.firstTokenMs === undefined)
        known = { ...known, firstTokenMs: Math.max(0, Math.round(now() - startedAt)) };
    },
    called: ({ name }, outcome) => {
      // A name that the model made up may hold anything.
      tools.push({ name: outcome === 'unknown_tool' ? 'unknown' : name.slice(0, 64), outcome });
    },
    exchanged: (messages) => {
      const exchange = JSON.stringify(messages);
      if (messages.length > 0 && exchange.length <= EXCHANGE_CHARS) known = { ...known, exchange };
    },
    corrected: (corrections) => {
      if (corrections.length > 0) known = { ...known, corrected: [...corrections] };
    },
    tokens: () => tokensIn + tokensOut,
    provenance: () => {
      hashFirst();
      return {
        ...known,
        ...(underWay() === undefined ? {} : { tokensEstimated: true }),
        tools: [...tools],
        tokensIn: tokensIn + costOf(underWay()),
        tokensOut: tokensOut + (running?.out ?? 0),
        retries,
      };
    },
  };
};
