import OpenAI from 'openai';
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { createAccumulator } from './accumulate.js';
import type { ChatMessage, ChatModel, ChatRequest } from './chat-model.js';
import type { ModelSettings } from './settings.js';

// The only file that knows the client library. Its retries and time-outs are off: what a failure means and what follows is one
// table (`failures.ts`), and silence within a stream is watched by `call-model.ts` (the client's own time-out ends at the headers).

const messageOf = (message: ChatMessage): ChatCompletionMessageParam => {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
    case 'assistant': {
      const calls = message.toolCalls ?? [];
      if (calls.length === 0) return { role: 'assistant', content: message.content };
      return {
        role: 'assistant',
        content: message.content,
        tool_calls: calls.map(({ id, name, argumentsText }) => ({
          id,
          type: 'function',
          function: { name, arguments: argumentsText },
        })),
      };
    }
  }
};

type Shape = Pick<ModelSettings, 'openaiModel' | 'modelTokenField' | 'modelTemperature' | 'modelReplyTokens'>;

/** The body of the call, as it goes over the wire. Deterministic: the same request gives the same body. */
export const bodyOf = (request: ChatRequest, settings: Shape): ChatCompletionCreateParamsStreaming => ({
  model: settings.openaiModel,
  messages: request.messages.map(messageOf),
  ...(request.tools.length === 0
    ? {}
    : {
        tools: request.tools.map(({ name, description, parameters }) => ({
          type: 'function' as const,
          function: { name, description, parameters, strict: true },
        })),
        tool_choice: request.toolChoice,
      }),
  [settings.modelTokenField]: settings.modelReplyTokens,
  ...(settings.modelTemperature === '' ? {} : { temperature: Number(settings.modelTemperature) }),
  stream: true,
  stream_options: { include_usage: true },
});

/** A model behind any server that speaks Chat Completions. */
export const createOpenAiModel = (settings: ModelSettings & { readonly openaiApiKey: string }): ChatModel => {
  const client = new OpenAI({
    apiKey: settings.openaiApiKey,
    baseURL: settings.openaiBaseUrl,
    maxRetries: 0,
    timeout: settings.modelTurnMs,
    // It would print what it cannot parse: words of a citizen.
    logLevel: 'off',
    // Said here so that no variable of the environment adds them.
    organization: null,
    project: null,
  });
  return {
    name: settings.openaiModel,
    complete: async (request, listener, signal) => {
      const stream = await client.chat.completions.create(bodyOf(request, settings), { signal });
      const accumulator = createAccumulator();
      for await (const chunk of stream) {
        listener.chunk();
        const piece = accumulator.add(chunk);
        if (piece !== '') listener.text(piece);
      }
      return accumulator.result();
    },
  };
};
