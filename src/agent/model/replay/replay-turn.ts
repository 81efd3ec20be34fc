import type { ChatMessage, ChatRequest, Completion } from '../chat-model.js';
import type { DiffLine } from './text-diff.js';
import { diffTexts } from './text-diff.js';
import type { RebuiltTurn } from './rebuild.js';

/** A tool call as it is shown: its name and arguments. It is never done. */
export interface ShownCall {
  readonly name: string;
  readonly args: string;
}

/** One recorded call of the model beside the one that was made now. */
export interface StepComparison {
  /** `first`: what would it do? `answer`: what would it say after the recorded tools and their results? */
  readonly step: 'first' | 'answer';
  readonly diff: readonly DiffLine[];
  readonly sameText: boolean;
  readonly recordedCalls: readonly ShownCall[];
  readonly newCalls: readonly ShownCall[];
  /** The same tools in the same order, whatever their arguments. */
  readonly sameTools: boolean;
}

/** Makes one call; tools are offered and never done. */
export type AskModel = (request: ChatRequest) => Promise<Completion>;

const shown = (calls: readonly { readonly name: string; readonly argumentsText: string }[]): readonly ShownCall[] =>
  calls.map(({ name, argumentsText }) => ({ name, args: argumentsText }));

const callsOf = (message: ChatMessage | undefined): readonly ShownCall[] =>
  message?.role === 'assistant' ? shown(message.toolCalls ?? []) : [];

const namesOf = (calls: readonly ShownCall[]): string => calls.map(({ name }) => name).join('\n');

/**
 * Asks the model again, with another prompt or another model, what it was asked in a recorded turn: the first call; and when it
 * called tools then, also the last one, with those calls and their recorded results as they were.
 * @param masked what can be recognised as personal is hidden, in what is sent and in what is shown
 */
export const replayTurn = async (
  turn: RebuiltTurn,
  prompt: string,
  masked: boolean,
  ask: AskModel,
): Promise<readonly StepComparison[]> => {
  const hide = masked ? turn.masked : (text: string): string => text;
  const request = turn.requestWith(prompt, masked);
  const compare = (
    step: StepComparison['step'],
    recorded: { readonly text: string; readonly calls: readonly ShownCall[] },
    completion: Completion,
  ): StepComparison => {
    const newCalls = shown(completion.toolCalls).map(({ name, args }) => ({ name, args: hide(args) }));
    const recordedCalls = recorded.calls.map(({ name, args }) => ({ name, args: hide(args) }));
    const diff = diffTexts(hide(recorded.text), hide(completion.text));
    return {
      ...{ step, diff, recordedCalls, newCalls },
      sameText: diff.every(({ sign }) => sign === ' '),
      sameTools: namesOf(recordedCalls) === namesOf(newCalls),
    };
  };
  const [opening] = turn.exchange;
  const first = await ask(request);
  if (opening === undefined) return [compare('first', { text: turn.recordedText, calls: [] }, first)];
  const exchange = masked
    ? turn.exchange.map((message): ChatMessage => ({ ...message, content: hide(message.content) }))
    : turn.exchange;
  const last = await ask({ ...request, messages: [...request.messages, ...exchange] });
  return [
    compare('first', { text: opening.content, calls: callsOf(opening) }, first),
    compare('answer', { text: turn.recordedText, calls: [] }, last),
  ];
};
