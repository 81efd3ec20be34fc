// The port to a language model: one request, one streamed completion. The wire protocol behind it is Chat Completions
// (`openai-model.ts`); nothing else here knows it.

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it: not checked yet. */
  readonly argumentsText: string;
}

export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string };

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, in the strict form (every property required, no others). */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
  /** `none`: the model must answer in words now. */
  readonly toolChoice: 'auto' | 'none';
}

export interface Usage {
  readonly tokensIn: number;
  readonly tokensOut: number;
}

/** What one call gave. `finishReason` null: the stream ended without saying why, so it broke. */
export interface Completion {
  readonly text: string;
  /** The model's own words of refusal, where the API has a place for them. */
  readonly refusal: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | null;
  /** As the server counted; null when it did not say. */
  readonly usage: Usage | null;
}

export interface Listener {
  /** Something arrived, text or not: the call is alive. */
  chunk(): void;
  text(piece: string): void;
}

export interface ChatModel {
  /** What the server calls the model. */
  readonly name: string;
  /**
   * Makes one call and tells its text as it comes. No retries of its own.
   * @throws whatever the client throws; `faultOf` knows what it means. An aborted signal may also end it normally.
   */
  complete(request: ChatRequest, listener: Listener, signal: AbortSignal): Promise<Completion>;
}
