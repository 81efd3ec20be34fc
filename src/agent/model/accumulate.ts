import type { Completion, ToolCall, Usage } from './chat-model.js';
import { createThoughtFilter } from './thoughts.js';

/** The parts of a streamed chunk that are read; everything may be missing, as servers differ. */
export interface Chunk {
  readonly choices?: readonly {
    readonly index?: number | null;
    readonly delta?: {
      /** Some servers send parts instead of a text. */
      readonly content?: string | readonly { readonly text?: string | null }[] | null;
      readonly refusal?: string | null;
      readonly tool_calls?: readonly ToolCallPiece[] | null;
    } | null;
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
}

interface ToolCallPiece {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null } | null;
}

interface OpenCall {
  readonly index: number | undefined;
  id: string;
  name: string;
  argumentsText: string;
}

export interface Accumulator {
  /** Takes a chunk in; gives the text that it adds, without the model's thoughts. */
  add(chunk: Chunk): string;
  result(): Completion;
}

/**
 * The call that a piece belongs to. A new id is a new call, whatever its index says: some servers send no index, or 0 for all
 * (the client's own helper drops or merges such calls). Without an id, the index decides, else the call that came last.
 */
const callOf = (calls: OpenCall[], piece: ToolCallPiece): OpenCall => {
  const { id, function: named } = piece;
  const index = piece.index ?? undefined;
  const byId = calls.find((call) => id !== undefined && id !== null && id !== '' && call.id === id);
  if (byId !== undefined) return byId;
  const last = calls.at(-1);
  const sameIndex = index === undefined ? last : calls.findLast((call) => call.index === index);
  const begins = (id ?? '') !== '' || sameIndex === undefined || (index === undefined && (named?.name ?? '') !== '');
  if (!begins) return sameIndex;
  const call: OpenCall = { index, id: (id ?? '') || `call_${calls.length + 1}`, name: '', argumentsText: '' };
  calls.push(call);
  return call;
};

/** More than any model reads or writes in one call: a server that says so counts wrong, and one such number would use up a budget. */
const MOST_TOKENS = 2_000_000;
const isCount = (tokens: unknown): tokens is number =>
  typeof tokens === 'number' && Number.isInteger(tokens) && tokens >= 0 && tokens <= MOST_TOKENS;

/** Null: the server did not say, or what it says cannot be; then it is estimated. */
const usageOf = (usage: NonNullable<Chunk['usage']>): Usage | null => {
  const { prompt_tokens: tokensIn, completion_tokens: tokensOut } = usage;
  return isCount(tokensIn) && isCount(tokensOut) ? { tokensIn, tokensOut } : null;
};

const textOf = (content: string | readonly { readonly text?: string | null }[] | null | undefined): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('');

/** Puts the chunks of one streamed completion together, for servers that follow the protocol more or less. */
export const createAccumulator = (): Accumulator => {
  const calls: OpenCall[] = [];
  let text = '';
  let refusal = '';
  let finishReason: string | null = null;
  let usage: Usage | null = null;
  const speechOf = createThoughtFilter();
  return {
    add: (chunk) => {
      if (chunk.usage !== undefined && chunk.usage !== null) usage = usageOf(chunk.usage);
      const choice = chunk.choices?.find(({ index }) => (index ?? 0) === 0);
      if (choice === undefined) return '';
      finishReason = choice.finish_reason ?? finishReason;
      refusal += choice.delta?.refusal ?? '';
      for (const piece of choice.delta?.tool_calls ?? []) {
        const call = callOf(calls, piece);
        // The name comes whole; some servers repeat it with every piece.
        if (call.name === '') call.name = piece.function?.name ?? '';
        call.argumentsText += piece.function?.arguments ?? '';
      }
      const added = speechOf(textOf(choice.delta?.content));
      text += added;
      return added;
    },
    result: () => ({
      text,
      refusal,
      finishReason,
      usage,
      toolCalls: calls.map(({ id, name, argumentsText }): ToolCall => ({ id, name, argumentsText })),
    }),
  };
};
