import { createHash } from 'node:crypto';
import {
  startScriptedModel,
  type ScriptedCall,
  type ScriptedModel,
  type SeenRequest,
  type Step,
} from '../test/support/scripted-model.js';

// A FAKE of a language model that files complaints, and now and then fails in every way that docs/language-model.md has a row for.

/** Every kind of fault, by the name under which it is counted. */
const faults: Readonly<Record<string, Step>> = {
  'auth (401)': { status: 401 },
  'model unknown (404)': { status: 404 },
  'rate limited (429, retry-after)': { status: 429, headers: { 'retry-after-ms': '20' } },
  'rate limited for longer than a turn': { status: 429, headers: { 'retry-after': '3600' } },
  'server error (500)': { status: 500 },
  'overloaded (503)': { status: 503 },
  'bad request (400)': { status: 400 },
  'context too long': { status: 400, error: { code: 'context_length_exceeded', message: 'maximum context length' } },
  'no answer': { fault: 'no_answer' },
  'silence in the middle': { text: 'I am', fault: 'stall' },
  'connection cut': { text: 'I am', fault: 'reset' },
  'no finish reason': { text: 'I am', fault: 'end' },
  'no stream': { fault: 'garbage' },
  'unreadable chunk': { text: 'I am', fault: 'bad_json' },
  'empty answer': { text: '' },
  refusal: { refusal: 'I cannot help with that.' },
  'content filter': { text: 'I am', finish: 'content_filter' },
  'cut within a tool call': { calls: [{ name: 'submit', args: '{' }], finish: 'length' },
  'malformed arguments': { calls: [{ name: 'record_details', args: '{"whole' }] },
  'tool that does not exist': { calls: [{ name: 'delete_everything' }] },
  'tools without end': { calls: [{ name: 'list_evidence' }] },
};
const kinds = Object.keys(faults);

/** Whether the model has called this tool in this turn already, in arguments that can be read. */
const hasCalled = ({ messages }: SeenRequest, { name, args }: ScriptedCall): boolean =>
  messages
    .slice(messages.findLastIndex(({ role }) => role === 'user'))
    .some(({ tool_calls: calls = [] }) =>
      (calls as readonly { function: { name: string; arguments: string } }[]).some(
        (call) => call.function.name === name && call.function.arguments === JSON.stringify(args ?? {}),
      ),
    );

/** What a helpful model does with a statement, the word submit, and a yes; a call that went wrong it makes anew. */
const helpful = (request: SeenRequest): Step => {
  if (request.lastUser === 'yes') return { text: 'Thank you for telling us.' };
  const call: ScriptedCall =
    request.lastUser === 'submit'
      ? { name: 'show_check_answers' }
      : { name: 'record_details', args: { whole_message: true } };
  return hasCalled(request, call) ? { text: 'Thank you. What you told me is kept.' } : { calls: [call] };
};

/** Which turn a request belongs to: all up to what the citizen said last. */
const turnOf = ({ messages }: SeenRequest): string =>
  createHash('sha256')
    .update(JSON.stringify(messages.slice(1, messages.findLastIndex(({ role }) => role === 'user') + 1)))
    .digest('base64url');

export interface FaultyModel extends Pick<ScriptedModel, 'url' | 'close'> {
  /** Faults that were injected, by kind: each once for the first call of a turn, once for all of its calls. */
  injected(): Readonly<Record<string, number>>;
}

/**
 * Starts it on a free port of this machine.
 * @param percent of the turns that meet a fault; the kinds take turns, so that all of them come
 */
export const startFaultyModel = async (percent: number): Promise<FaultyModel> => {
  const planned = new Map<string, { readonly kind: string; readonly lasts: boolean; calls: number }>();
  const known = new Set<string>();
  const injected = new Map<string, number>();
  let due = 0;
  const fault = (turn: string): Step | undefined => {
    if (!known.has(turn)) {
      known.add(turn);
      const before = Math.floor(due);
      due += percent / 100;
      if (Math.floor(due) > before) {
        const kind = kinds[before % kinds.length] ?? '';
        const lasts = Math.floor(before / kinds.length) % 2 === 1;
        planned.set(turn, { kind, lasts, calls: 0 });
        injected.set(kind, (injected.get(kind) ?? 0) + 1);
      }
    }
    const plan = planned.get(turn);
    if (plan === undefined) return undefined;
    plan.calls += 1;
    return plan.lasts || plan.calls === 1 ? faults[plan.kind] : undefined;
  };
  const server = await startScriptedModel((request) => fault(turnOf(request)) ?? helpful(request));
  return { url: server.url, close: () => server.close(), injected: () => Object.fromEntries(injected) };
};

/** All kinds that can be injected. */
export const faultKindCount = kinds.length;

/** For the server: deadlines that a demo can wait for, and a breaker that rests shortly, so that most turns ask the model. */
export const faultyModelSettings = (url: string): Readonly<Record<string, string>> => ({
  OPENAI_API_KEY: 'none-it-is-a-fake',
  OPENAI_BASE_URL: url,
  OPENAI_MODEL: 'scripted-fake',
  MODEL_FIRST_TOKEN_MS: '1500',
  MODEL_IDLE_MS: '1500',
  MODEL_RETRY_BASE_MS: '10',
  MODEL_BREAKER_OPEN_MS: '50',
  MODEL_SESSION_TOKENS: '0',
  MODEL_HOUR_TOKENS: '0',
  MODEL_MONTH_TOKENS: '0',
});
