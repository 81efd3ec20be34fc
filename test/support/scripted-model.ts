// A FAKE of a language-model server, for tests and measurements: it speaks the Chat Completions API over real HTTP and says what a
// script tells it to, with every fault that a test asks for. Nothing of it is a model.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came in. */
export interface SeenRequest {
  readonly body: string;
  readonly authorization: string | undefined;
  readonly path: string;
  readonly model: string;
  readonly messages: readonly {
    readonly role: string;
    readonly content: string;
    readonly tool_calls?: readonly unknown[];
    readonly tool_call_id?: string;
  }[];
  readonly toolNames: readonly string[];
  readonly toolChoice: string | undefined;
  /** What the citizen said last. */
  readonly lastUser: string;
  /** Results of the tools called in this turn; empty before the first. */
  readonly toolResults: readonly Record<string, unknown>[];
}

export interface ScriptedCall {
  readonly name: string;
  /** An object, or any text as it stands. */
  readonly args?: object | string;
  /** Default: a new one. */
  readonly id?: string;
  /** Default: its place; null leaves it out. */
  readonly index?: number | null;
}

export interface Step {
  /** Sent piece by piece. */
  readonly text?: string | readonly string[];
  readonly calls?: readonly ScriptedCall[];
  readonly refusal?: string;
  /** Default: stop, or tool_calls; null sends none. */
  readonly finish?: string | null;
  /** Default: counted roughly; null sends none. */
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  /** An error instead of a stream. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: Readonly<Record<string, unknown>>;
  /**
   * `no_answer`: never sends headers. `stall`: goes silent after the text. `reset`: cuts the connection after it. `end`: ends there
   * without a finish reason. `garbage`: a body that is no stream. `bad_json`: a chunk that cannot be read.
   */
  readonly fault?: 'no_answer' | 'stall' | 'reset' | 'end' | 'garbage' | 'bad_json';
  /** Told when the text is out and before the end comes; waits for it. */
  readonly beforeEnd?: () => void | Promise<void>;
  /** Milliseconds between two pieces; default none. */
  readonly paceMs?: number;
}

export type Script = (request: SeenRequest, count: number) => Step | Promise<Step>;

export interface ScriptedModel {
  /** For OPENAI_BASE_URL. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Another script from the next request on. */
  use(script: Script): void;
  close(): Promise<void>;
}

interface Body {
  readonly model: string;
  readonly messages: SeenRequest['messages'];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly tool_choice?: string;
}

const seen = (body: string, request: http.IncomingMessage): SeenRequest => {
  const { model, messages, tools = [], tool_choice: toolChoice } = JSON.parse(body) as Body;
  const lastUserAt = messages.findLastIndex(({ role }) => role === 'user');
  return {
    body,
    authorization: request.headers.authorization,
    path: request.url ?? '',
    model,
    messages,
    toolNames: tools.map((tool) => tool.function.name),
    toolChoice,
    lastUser: messages[lastUserAt]?.content ?? '',
    toolResults: messages
      .slice(lastUserAt + 1)
      .flatMap(({ role, content }) => (role === 'tool' ? [JSON.parse(content) as Record<string, unknown>] : [])),
  };
};

const wordsOf = (text: string): readonly string[] => text.match(/\s*\S+\s*$|\s*\S+/gu) ?? [text];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const callChunks = (calls: readonly ScriptedCall[], count: number): object[] =>
  calls.map(({ name, args = {}, id, index }, at) => ({
    delta: {
      tool_calls: [
        {
          ...(index === null ? {} : { index: index ?? at }),
          id: id ?? `call-${count}-${at}`,
          type: 'function',
          function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
        },
      ],
    },
  }));

const stream = async (
  step: Step,
  request: SeenRequest,
  response: http.ServerResponse,
  count: number,
): Promise<void> => {
  const send = (chunk: object): void => {
    const { choice, ...rest } = chunk as { choice?: object };
    const choices = choice === undefined ? [] : [{ index: 0, finish_reason: null, delta: {}, ...choice }];
    response.write(
      `data: ${JSON.stringify({ id: `reply-${count}`, object: 'chat.completion.chunk', model: request.model, choices, ...rest })}\n\n`,
    );
  };
  response.writeHead(200, { 'content-type': 'text/event-stream', ...step.headers });
  if (step.fault === 'garbage') {
    response.end('<html>Not a stream</html>');
    return;
  }
  const pieces = typeof step.text === 'string' ? wordsOf(step.text) : (step.text ?? []);
  send({ choice: { delta: { role: 'assistant', content: '' } } });
  for (const piece of pieces) {
    send({ choice: { delta: { content: piece } } });
    if (step.paceMs !== undefined) await pause(step.paceMs);
  }
  if (step.refusal !== undefined) send({ choice: { delta: { refusal: step.refusal } } });
  for (const chunk of callChunks(step.calls ?? [], count)) send({ choice: chunk });
  await step.beforeEnd?.();
  switch (step.fault) {
    case 'stall':
    case 'no_answer':
      return;
    case 'reset':
      // What was written leaves first, so that the cut is within the stream.
      setImmediate(() => response.socket?.resetAndDestroy());
      return;
    case 'bad_json':
      response.write('data: {"choices": [\n\n');
      break;
    case 'end':
    case undefined:
      break;
  }
  if (step.fault === undefined && step.finish !== null) {
    send({ choice: { finish_reason: step.finish ?? ((step.calls ?? []).length > 0 ? 'tool_calls' : 'stop') } });
    const completion = pieces.length + (step.calls ?? []).length * 20;
    const usage = { prompt_tokens: Math.ceil(request.body.length / 4), completion_tokens: completion };
    if (step.usage !== null) send({ usage: step.usage ?? usage });
    response.write('data: [DONE]\n\n');
  }
  response.end();
};

/** Starts the fake on a free port of this machine. */
export const startScriptedModel = async (first: Script = () => ({ text: 'I see.' })): Promise<ScriptedModel> => {
  let script = first;
  const requests: SeenRequest[] = [];
  const answer = async (body: string, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const one = seen(body, request);
    requests.push(one);
    const count = requests.length;
    const step = await script(one, count);
    if (step.fault === 'no_answer') return;
    if (step.status !== undefined) {
      response.writeHead(step.status, { 'content-type': 'application/json', ...step.headers });
      response.end(JSON.stringify({ error: { message: 'scripted', ...step.error } }));
      return;
    }
    await stream(step, one, response, count);
  };
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      answer(Buffer.concat(parts).toString('utf8'), request, response).catch(() => response.destroy());
    });
    response.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    use: (next) => {
      script = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A script out of steps: one per request, the last one again and again. */
export const inOrder =
  (...steps: readonly Step[]): Script =>
  (_request, count) =>
    steps[Math.min(count, steps.length) - 1] ?? { text: 'I see.' };
