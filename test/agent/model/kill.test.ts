import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TurnStep } from '../../../src/agent/turn.js';
import { testPepper } from '../../support/dialogue.js';
import { startScriptedModel, type SeenRequest, type ScriptedModel, type Step } from '../../support/scripted-model.js';
import {
  answered,
  begin,
  count,
  eventsOf,
  LEASE_MS,
  openOffice,
  post,
  until,
  type Office,
  type Process,
} from '../support/office.js';
import { story, TEST_KEY } from './support/model-dialogue.js';

// Real processes of the built program with a language model, SIGKILLed at every step of a turn; another process takes over.

let office: Office;
let here: Process;
let model: ScriptedModel;
const children: ChildProcess[] = [];

beforeAll(async () => {
  office = await openOffice();
  here = await office.newProcess();
  model = await startScriptedModel();
});
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(async () => {
  await model.close();
  await here.close();
  await office.drop();
});

const reply = 'Thank you. All that you told me is kept.';

/** A model that keeps the story, shows the answers, and files on a yes. */
const helpful = (request: SeenRequest): Step => {
  if (request.toolResults.length > 0) return { text: reply };
  if (request.lastUser === 'yes') return { calls: [{ name: 'submit' }] };
  return { calls: [{ name: 'record_details', args: { whole_message: true } }, { name: 'show_check_answers' }] };
};

const respondElsewhere = (step?: TurnStep): ChildProcess => {
  const child = fork(fileURLToPath(new URL('../support/responder-child.mjs', import.meta.url)), { execArgv: [] });
  children.push(child);
  const env = { OPENAI_API_KEY: TEST_KEY, OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' };
  child.send({ url: office.database.url, step, pepper: testPepper, leaseMs: LEASE_MS, model: env });
  return child;
};

const allAnswered = (sessionId: string, ids: readonly string[]) =>
  until(async () => expect(await answered(here, sessionId)).toEqual(ids), 30_000);

/** Where the process is when it is killed, and how it is known to be there. */
const moments: readonly (readonly [string, TurnStep | ((request: SeenRequest) => boolean)])[] = [
  ['before the call', 'agent_started'],
  ['while the first answer comes', ({ toolResults }) => toolResults.length === 0],
  ['after a tool, in the middle of the words', ({ toolResults }) => toolResults.length > 0],
  ['before the append', 'before_append'],
  ['after the append', 'appended'],
];

/** Says something, kills the process that answers at the moment, and lets another one go on. */
const killWhile = async (sessionId: string, text: string, moment: (typeof moments)[number][1]): Promise<string> => {
  let there: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (there = resolve));
  let killed = false;
  model.use((request) =>
    typeof moment === 'string' || killed || !moment(request)
      ? helpful(request)
      : { text: 'Thank you. All that', fault: 'stall', beforeEnd: there },
  );
  const doomed = respondElsewhere(typeof moment === 'string' ? moment : undefined);
  const gone = once(doomed, 'exit');
  if (typeof moment === 'string') void once(doomed, 'message').then(there);
  const messageId = await post(here, sessionId, text);
  await Promise.race([reached, gone.then(() => Promise.reject(new Error('The process ended before the moment')))]);
  doomed.kill('SIGKILL');
  await gone;
  killed = true;
  respondElsewhere();
  return messageId;
};

describe('a process killed with SIGKILL while a language model answers', () => {
  it.each(moments)('%s: another one makes the one reply, and no tool has its effect twice', async (_when, moment) => {
    const sessionId = await begin(here);
    const messageId = await killWhile(sessionId, story, moment);
    await allAnswered(sessionId, [messageId]);
    expect(await count(here, sessionId, 'FilingStarted')).toBe(1);
    expect(await count(here, sessionId, 'DetailsRecorded')).toBe(1);
    const { state } = await here.commands.loadSession(sessionId);
    expect(state.draft).toMatchObject({ description: story, answersShown: true });
  });

  it.each(moments)('%s: the complaint is filed once', async (_when, moment) => {
    const sessionId = await begin(here);
    model.use(helpful);
    const calm = respondElsewhere();
    const first = await post(here, sessionId, story);
    await allAnswered(sessionId, [first]);
    calm.kill('SIGKILL');
    // On a yes to the answers the program files before it asks the model: no answer of the model is without a tool.
    const at: typeof moment = typeof moment === 'string' ? moment : ({ lastUser }) => lastUser === 'yes';
    const second = await killWhile(sessionId, 'yes', at);
    await allAnswered(sessionId, [first, second]);
    expect(await count(here, sessionId, 'ComplaintSubmitted')).toBe(1);
    const last = (await eventsOf(here, sessionId)).findLast((event) => event.type === 'AgentReplied');
    expect(last?.type === 'AgentReplied' && last.data.agent.name).toBe('model');
  });
});
