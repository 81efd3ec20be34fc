import type { Completion, ToolCall, Usage } from './chat-model.js';

/** The parts of a streamed chunk that are read; everything may be missing, as servers differ. */
export interface Chunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
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
  /** Takes a chunk in; gives the text that it adds. */
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

const usageOf = (usage: NonNullable<Chunk['usage']>): Usage => ({
  tokensIn: usage.prompt_tokens ?? 0,
  tokensOut: usage.completion_tokens ?? 0,
});

/** Puts the chunks of one streamed completion together, for servers that follow the protocol more or less. */
export const createAccumulator = (): Accumulator => {
  const calls: OpenCall[] = [];
  let text = '';
  let refusal = '';
  let finishReason: string | null = null;
  let usage: Usage | null = null;
  return {
    add: (chunk) => {
      if (chunk.usage !== undefined && chunk.usage !== null) usage = usageOf(chunk.usage);
      const choice = chunk.choices?.[0];
      if (choice === undefined) return '';
      finishReason = choice.finish_reason ?? finishReason;
      refusal += choice.delta?.refusal ?? '';
      for (const piece of choice.delta?.tool_calls ?? []) {
        const call = callOf(calls, piece);
        // The name comes whole; some servers repeat it with every piece.
        if (call.name === '') call.name = piece.function?.name ?? '';
        call.argumentsText += piece.function?.arguments ?? '';
      }
      const added = choice.delta?.content ?? '';
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
