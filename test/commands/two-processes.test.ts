import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccessKeys } from '../../src/commands/access-key.js';
import { createSessionCommands, type SessionCommands } from '../../src/commands/command-handler.js';
import { deriveState } from '../../src/commands/session/derive-state.js';
import { createPrepareSubmission } from '../../src/commands/session/prepare-submission.js';
import { parseTrackingNumber } from '../../src/commands/tracking-number.js';
import { sessionStream, type AnyRecorded } from '../../src/events/catalogue/index.js';
import { systemClock } from '../../src/platform/clock.js';
import { newId, newSessionId } from '../../src/platform/ids.js';
import { logDatabase, openLog, type ProcessLog } from '../events/support/postgres-log.js';
import type { TestDatabase } from '../support/database.js';
import {
  agent,
  citizen,
  defaultPolicies as policy,
  describes,
  replies,
  says,
  showAnswers,
  start,
  startFiling,
  uuid,
} from '../support/given-session.js';

// Command handling over the real log, by two processes that share nothing but the database.

let database: TestDatabase;
let processes: readonly [ProcessLog, ProcessLog];
let commands: readonly [SessionCommands, SessionCommands];

beforeAll(async () => {
  database = await logDatabase();
  processes = [await openLog(database), await openLog(database)];
  const commandsOf = ({ log }: ProcessLog) => createSessionCommands({ log, policy, clock: systemClock });
  commands = [commandsOf(processes[0]), commandsOf(processes[1])];
});
afterAll(async () => {
  await Promise.all(processes.map(({ store }) => store.close()));
  await database.drop();
});

const eventsOf = async (sessionId: string): Promise<AnyRecorded[]> => {
  const events: AnyRecorded[] = [];
  for await (const event of processes[0].log.readStream(sessionStream(sessionId))) events.push(event);
  return events;
};
/** A message with a real id: message ids are unique over the whole log. */
const message = (text: string) => {
  const messageId = newId();
  return { messageId, command: { ...says(0, text), messageId } as const };
};
const begun = async (): Promise<string> => {
  const sessionId = newSessionId();
  await commands[0].handle(sessionId, start, { actor: citizen });
  return sessionId;
};

describe('two processes', () => {
  it('begin a conversation once', async () => {
    const sessionId = newSessionId();
    const outcomes = await Promise.all(commands.map(({ handle }) => handle(sessionId, start, { actor: citizen })));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await eventsOf(sessionId)).toHaveLength(1);
  });

  it('record every message once, however often and wherever it is sent', async () => {
    const sessionId = await begun();
    const messages = Array.from({ length: 12 }, (_, n) => message(`message ${n}`).command);
    const outcomes = await Promise.all(
      messages.flatMap((command) =>
        commands.flatMap(({ handle }) => [
          handle(sessionId, command, { actor: citizen }),
          handle(sessionId, command, { actor: citizen }),
        ]),
      ),
    );
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    const received = (await eventsOf(sessionId)).filter(({ type }) => type === 'UserMessageReceived');
    expect(received.map(({ meta }) => meta.id).sort()).toEqual(messages.map(({ messageId }) => messageId).sort());
  });

  it('answer a message once', async () => {
    const sessionId = await begun();
    const { messageId, command } = message('hello');
    await commands[0].handle(sessionId, command, { actor: citizen });
    await commands[1].loadSession(sessionId);
    const reply = { ...replies(0), answers: messageId };
    const outcomes = await Promise.all(
      commands.map(({ appendTurn }) =>
        appendTurn({ sessionId, messageId, actor: agent, commands: [startFiling, reply] }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const events = await eventsOf(sessionId);
    expect(events.filter(({ type }) => type === 'AgentReplied')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'FilingStarted')).toHaveLength(1);
  });

  it('file a complaint turn by turn, and see the same session', async () => {
    const sessionId = await begun();
    const prepare = createPrepareSubmission({
      log: processes[1].log,
      pepper: 'pepper',
      accessKeys: createAccessKeys({ log2N: 10 }),
      clock: systemClock,
    });
    const first = message('There is no water');
    await commands[1].handle(sessionId, first.command, { actor: citizen });
    await commands[0].appendTurn({
      sessionId,
      messageId: first.messageId,
      actor: agent,
      commands: [startFiling, describes('There is no water'), showAnswers, { ...replies(0), answers: first.messageId }],
    });
    const yes = message('yes');
    await commands[0].handle(sessionId, yes.command, { actor: citizen });
    const { accessKey, ...prepared } = await prepare({ sessionId, causationId: yes.messageId });
    const filed = await commands[1].appendTurn({
      sessionId,
      messageId: yes.messageId,
      actor: agent,
      commands: [
        { type: 'SubmitComplaint', ...prepared },
        { ...replies(0), answers: yes.messageId, onceText: accessKey },
      ],
    });
    expect(filed).toMatchObject({ ok: true });
    const loaded = await Promise.all(commands.map(({ loadSession }) => loadSession(sessionId)));
    expect(loaded[0]).toEqual(loaded[1]);
    expect(deriveState(loaded[0]!.state)).toBe('completed');
    expect(parseTrackingNumber(loaded[0]!.state.filed?.trackingNumber ?? '')).toBe(prepared.trackingNumber);
  });

  it('give a process that has just started the session that the others remember', async () => {
    const sessionId = await begun();
    for (let n = 0; n < 20; n++)
      await commands[n % 2]!.handle(sessionId, message(`message ${n}`).command, { actor: citizen });
    const fresh = createSessionCommands({ log: processes[0].log, policy, clock: systemClock });
    expect(await fresh.loadSession(sessionId)).toEqual(await commands[0].loadSession(sessionId));
  });

  it('know nothing of a session that never began', async () => {
    expect((await commands[0].loadSession(newSessionId())).state.started).toBe(false);
    const refused = await commands[0].handle(newSessionId(), says(1, 'hello'), {
      actor: citizen,
      causationId: uuid(1),
    });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'session_unknown' } });
  });
});
