import { callModel, type CallDependencies } from './call-model.js';
import type { ChatMessage, ChatRequest, Completion, ToolCall } from './chat-model.js';
import { isModelFault, modelFault } from './failures.js';
import type { Gate } from './gate.js';
import type { RecordOfTurn } from './record-of-turn.js';
import type { ToolCatalogue } from './tools/definitions.js';
import { perform } from './tools/perform.js';
import { no, type ToolAnswer, type Workbench } from './tools/workbench.js';

export interface ThinkDependencies extends CallDependencies {
  readonly catalogue: ToolCatalogue;
}

export interface Thought {
  /** The first request of the turn; `shrink` halves the room for the conversation. */
  readonly requestFor: (shrink: boolean) => ChatRequest;
  readonly bench: Workbench;
  readonly gate: Gate;
  readonly record: RecordOfTurn;
  readonly signal: AbortSignal;
  readonly timeLeftMs: () => number;
  /** What was shown counts no more; the call is made again. */
  readonly onRetry: () => void;
}

/** Refusals of a call itself, which a model may mend once. */
const malformed = ['unknown_tool', 'bad_arguments', 'arguments_too_long'];

const runTool = async (call: ToolCall, { bench, record }: Thought, catalogue: ToolCatalogue): Promise<ToolAnswer> => {
  const read = catalogue.read(call.name, call.argumentsText, bench.settings.modelArgumentChars);
  const answer = read.ok ? await perform(read.call, bench) : no(read.code, read.hint);
  record.called(call, answer.code);
  return answer;
};

/** Asks once; when the conversation was too long for the server, once more with half of it. */
const ask = async (
  thought: Thought,
  exchange: readonly ChatMessage[],
  last: boolean,
  dependencies: ThinkDependencies,
): Promise<Completion> => {
  const { gate, record, signal, timeLeftMs, onRetry } = thought;
  const call = (shrink: boolean): Promise<Completion> => {
    const first = thought.requestFor(shrink);
    const request: ChatRequest = {
      ...first,
      messages: [...first.messages, ...exchange],
      toolChoice: last ? 'none' : 'auto',
    };
    record.asked(request);
    return callModel(dependencies, {
      request,
      signal,
      timeLeftMs,
      onText: (piece) => {
        record.heard(piece);
        gate.write(piece);
      },
      isEnough: () => gate.isOverfull(),
      onRetry: () => {
        record.retried();
        onRetry();
      },
      onSpent: (completion) => record.spent(request, completion),
    });
  };
  try {
    return await call(false);
  } catch (error) {
    if (!isModelFault(error) || error.kind !== 'context_too_long') throw error;
    record.retried();
    onRetry();
    return call(true);
  }
};

const said = ({ text, toolCalls }: Completion): ChatMessage => ({ role: 'assistant', content: text, toolCalls });

/**
 * Lets the model speak and call tools until it has answered in words. Each tool is done once: what a later call needs of it is
 * in the exchange, so a call that is made again repeats no tool.
 * @returns whether the server cut the answer off for its length
 * @throws ModelFault when there is no usable answer
 */
export const think = async (
  thought: Thought,
  dependencies: ThinkDependencies,
): Promise<{ readonly cutOff: boolean }> => {
  const { bench, gate, record } = thought;
  const { modelToolRounds, modelToolCalls } = bench.settings;
  const exchange: ChatMessage[] = [];
  let calls = 0;
  let badRounds = 0;
  for (let round = 0; ; round += 1) {
    const last = round >= modelToolRounds || calls >= modelToolCalls;
    const completion = await ask(thought, exchange, last, dependencies);
    gate.pause();
    if (completion.toolCalls.length === 0) return { cutOff: completion.finishReason === 'length' };
    if (last) throw modelFault('tool_loop');
    exchange.push(said(completion));
    const codes: string[] = [];
    for (const call of completion.toolCalls) {
      calls += 1;
      const over = calls > modelToolCalls;
      const answer = over
        ? no('too_many_calls', 'No more tools in this turn.')
        : await runTool(call, thought, dependencies.catalogue);
      exchange.push({ role: 'tool', toolCallId: call.id, content: JSON.stringify(answer.content) });
      codes.push(answer.code);
    }
    record.exchanged(exchange);
    if (codes.some((code) => malformed.includes(code))) badRounds += 1;
    // One round with a malformed call may be mended; a second one shows that this model cannot.
    if (badRounds > 1) throw modelFault('bad_tool_call');
  }
};
