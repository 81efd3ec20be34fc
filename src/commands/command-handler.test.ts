import { describe, expect, it } from 'vitest';
import { complaintStream, sessionStream } from '../events/catalogue/index.js';
import { wrongExpectedRevision } from '../events/store-errors.js';
import { fixedClock } from '../platform/clock.js';
import {
  agent,
  citizen,
  defaultPolicies,
  describes,
  readyToSubmit,
  replies,
  says,
  showAnswers,
  start,
  startFiling,
  submits,
  uuid,
} from '../../test/support/given-session.js';
import { createMemoryEventLog, type MemoryEventLog } from '../../test/support/memory-event-log.js';
import { createComplaintCommands, createSessionCommands, type SessionCommands } from './command-handler.js';
import type { SessionCommand } from './session/commands.js';
import { deriveState } from './session/derive-state.js';

const session = 'abcdefghijklmnopqrstuv';
const clock = fixedClock('2026-03-01T10:00:00.000Z');

/** One process: its own memory over a shared log. */
const process = (log: MemoryEventLog, cachedStates?: number): SessionCommands =>
  createSessionCommands({
    log,
    policy: defaultPolicies,
    clock,
    chance: () => 0.5,
    pause: () => Promise.resolve(),
    ...(cachedStates === undefined ? {} : { cachedStates }),
  });
const handle = (commands: SessionCommands, command: SessionCommand, causationId?: string, sessionId = session) => {
  const byAgent = !['StartSession', 'PostUserMessage'].includes(command.type);
  return commands.handle(sessionId, command, { actor: byAgent ? agent : citizen, causationId, correlationId: 'corr' });
};
const turn = (
  commands: SessionCommands,
  n: number,
  ...issued: Parameters<SessionCommands['appendTurn']>[0]['commands'][number][]
) => commands.appendTurn({ sessionId: session, messageId: uuid(n), actor: agent, commands: [...issued, replies(n)] });

describe('handling a command', () => {
  it('appends its events with who, when and why', async () => {
    const log = createMemoryEventLog();
    const outcome = await handle(process(log), start, uuid(5));
    expect(outcome).toMatchObject({ ok: true, revision: 0, position: 1n, events: [{ type: 'SessionStarted' }] });
    expect(log.recorded[0]?.meta).toMatchObject({
      stream: sessionStream(session),
      occurredAt: '2026-03-01T10:00:00.000Z',
      actor: citizen,
      causationId: uuid(5),
      correlationId: 'corr',
    });
  });

  it('begins a conversation once, whoever is first', async () => {
    const log = createMemoryEventLog();
    const outcomes = await Promise.all([handle(process(log), start), handle(process(log), start)]);
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    expect(outcomes.find((outcome) => !outcome.ok)).toMatchObject({ refusal: { code: 'session_exists' } });
  });

  it('gives a message the id that the client’s retry will carry again', async () => {
    const log = createMemoryEventLog();
    const commands = process(log);
    await handle(commands, start);
    await handle(commands, says(1, 'hello'));
    const again = await handle(commands, says(1, 'hello'));
    expect(again).toMatchObject({ ok: true, revision: 1, position: 2n, events: [] });
    expect(log.recorded.map((event) => event.meta.id)).toContain(uuid(1));
    expect(log.recorded).toHaveLength(2);
  });

  it('accepts the same message from two processes at once, and records it once', async () => {
    const log = createMemoryEventLog();
    const [one, two] = [process(log), process(log)];
    await handle(one, start);
    // The second process knows the session at revision 0 and decides on that.
    await two.loadSession(session);
    const outcomes = await Promise.all([handle(one, says(1, 'hello')), handle(two, says(1, 'hello'))]);
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
    expect(log.recorded.filter((event) => event.type === 'UserMessageReceived')).toHaveLength(1);
  });

  it('accepts a message whose first append had other events beside it', async () => {
    const log = createMemoryEventLog();
    const [one, two] = [process(log), process(log)];
    await handle(one, start);
    await handle(one, says(9, 'hello'));
    await two.loadSession(session);
    // At the first process the message ends a failed turn, and so it announces a state; the second has not heard of the failure.
    await handle(one, { type: 'FailTurn', answers: uuid(9), code: 'timeout' });
    await handle(one, says(1, 'still there?'));
    const again = await handle(two, says(1, 'still there?'));
    expect(again).toMatchObject({ ok: true, events: [] });
  });

  it('decides again when another writer was faster', async () => {
    const log = createMemoryEventLog();
    const [one, two] = [process(log), process(log)];
    await handle(one, start);
    await two.loadSession(session);
    await handle(one, says(1, 'first'));
    const second = await handle(two, says(2, 'second'));
    expect(second).toMatchObject({ ok: true, revision: 2 });
    const { state } = await one.loadSession(session);
    expect(state.pending.map((message) => message.text)).toEqual(['first', 'second']);
  });

  it('gives up after five lost races', async () => {
    const log = createMemoryEventLog();
    const commands = process(log);
    await handle(commands, start);
    let tries = 0;
    log.append = () => {
      tries++;
      return Promise.reject(wrongExpectedRevision(sessionStream(session), 0, 1));
    };
    await expect(handle(commands, says(1, 'hello'))).rejects.toMatchObject({ code: 'wrong_expected_revision' });
    expect(tries).toBe(5);
  });

  it('does not refuse on what it remembers when the log knows better', async () => {
    const log = createMemoryEventLog();
    const [one, two] = [process(log), process(log)];
    await handle(one, start);
    await two.loadSession(session);
    await handle(one, startFiling);
    expect(await handle(two, describes('No water'))).toMatchObject({ ok: true });
  });

  it('refuses without writing', async () => {
    const log = createMemoryEventLog();
    expect(await handle(process(log), says(1, 'hello'))).toMatchObject({
      ok: false,
      refusal: { code: 'session_unknown' },
    });
    expect(log.recorded).toEqual([]);
  });

  it('lets many messages of one session through, in one process', async () => {
    const log = createMemoryEventLog();
    const commands = process(log);
    await handle(commands, start);
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, n) => handle(commands, says(n, `message ${n}`))));
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
    expect((await commands.loadSession(session)).state.messageCount).toBe(40);
  });

  it('reads a long conversation once', async () => {
    const log = createMemoryEventLog();
    const commands = process(log);
    await handle(commands, start);
    log.reads.length = 0;
    for (let n = 0; n < 10; n++) await handle(commands, says(n, 'hello'));
    expect(log.reads).toEqual([]);
    await commands.loadSession(session);
    expect(log.reads).toEqual([{ stream: sessionStream(session), from: 11 }]);
  });

  it('works the same when nothing is remembered', async () => {
    const log = createMemoryEventLog();
    const commands = process(log, 1);
    await handle(commands, start);
    await handle(commands, start, undefined, 'another session');
    await handle(commands, says(1, 'hello'));
    await handle(commands, says(2, 'hello'), undefined, 'another session');
    expect((await commands.loadSession(session)).state.messageCount).toBe(1);
  });
});

describe('appending a turn', () => {
  const before = readyToSubmit.filter(
    (command) => command.type === 'StartSession' || command.type === 'PostUserMessage',
  );

  it('is one append: commands, change of state and reply, all caused by the message', async () => {
    const log = createMemoryEventLog();
    const commands = process(log);
    for (const command of before.slice(0, 2)) await handle(commands, command);
    const outcome = await turn(commands, 1, startFiling, describes('No medicine'), showAnswers);
    expect(outcome.ok && outcome.events.map((event) => event.type)).toEqual([
      ...['FilingStarted', 'SessionStateChanged', 'DetailsRecorded', 'SessionStateChanged', 'AnswersShown'],
      ...['SessionStateChanged', 'AgentReplied'],
    ]);
    expect(new Set(log.recorded.slice(2).map((event) => event.meta.causationId))).toEqual(new Set([uuid(1)]));
  });

  it('files when the message is the yes to the card of an earlier turn', async () => {
    const log = createMemoryEventLog();
    const commands = process(log);
    for (const command of before.slice(0, 2)) await handle(commands, command);
    await turn(commands, 1, startFiling, describes('No medicine'), showAnswers);
    await handle(commands, says(2, 'yes'));
    await turn(commands, 2, submits());
    const { state } = await commands.loadSession(session);
    expect(deriveState(state)).toBe('completed');
    expect(state.filed?.complaintId).toBe(uuid(7_001));
  });

  it('is nothing at all when one command is refused', async () => {
    const log = createMemoryEventLog();
    const commands = process(log);
    for (const command of before.slice(0, 2)) await handle(commands, command);
    const outcome = await turn(commands, 1, startFiling, describes('No medicine'), submits());
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'answers_not_shown' } });
    expect(log.recorded).toHaveLength(2);
  });

  it('is decided again, not run again, when a message came meanwhile', async () => {
    const log = createMemoryEventLog();
    const [one, two] = [process(log), process(log)];
    for (const command of before.slice(0, 2)) await handle(one, command);
    log.beforeAppend = () => handle(two, says(3, 'and no doctor')).then(() => undefined);
    expect(await turn(one, 1, startFiling, describes('No medicine'))).toMatchObject({ ok: true });
    const { state } = await one.loadSession(session);
    expect(state.pending.map((message) => message.messageId)).toEqual([uuid(3)]);
  });

  it('takes a confirmation back that the citizen took back meanwhile', async () => {
    const log = createMemoryEventLog();
    const [one, two] = [process(log), process(log)];
    for (const command of before.slice(0, 2)) await handle(one, command);
    await turn(one, 1, startFiling, describes('No medicine'), showAnswers);
    await handle(one, says(2, 'yes'));
    log.beforeAppend = () => handle(two, says(3, 'no, stop')).then(() => undefined);
    expect(await turn(one, 2, submits())).toMatchObject({ ok: false, refusal: { code: 'not_confirmed' } });
  });

  it('answers once when two processes answer at the same time', async () => {
    const log = createMemoryEventLog();
    const [one, two] = [process(log), process(log)];
    for (const command of before.slice(0, 2)) await handle(one, command);
    await two.loadSession(session);
    const outcomes = await Promise.all([turn(one, 1, startFiling), turn(two, 1, startFiling)]);
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
    expect(outcomes.find((outcome) => !outcome.ok)).toMatchObject({ refusal: { code: 'already_answered' } });
    expect(log.recorded.filter((event) => event.type === 'AgentReplied')).toHaveLength(1);
  });

  it('is silent once an officer has joined, though the turn began before', async () => {
    const log = createMemoryEventLog();
    const commands = process(log);
    for (const command of before.slice(0, 2)) await handle(commands, command);
    await commands.handle(session, { type: 'JoinAsOfficer' }, { actor: { kind: 'officer', id: 'o1' } });
    expect(await turn(commands, 1)).toMatchObject({ ok: false, refusal: { code: 'human_assisting' } });
  });
});

describe('handling a command for a case', () => {
  const open = {
    type: 'OpenCase',
    complaintId: uuid(1),
    sessionId: session,
    trackingLookup: 'k',
    standing: 'informant',
    category: null,
    institution: null,
    filedAt: '2026-03-01T10:00:00.000Z',
  } as const;

  it('opens, moves and loads it', async () => {
    const log = createMemoryEventLog();
    const cases = createComplaintCommands({ log, policy: defaultPolicies, clock });
    await cases.handle(uuid(1), open, { actor: { kind: 'system' } });
    const moved = await cases.handle(
      uuid(1),
      { type: 'MoveCase', to: 'screening' },
      { actor: { kind: 'officer', id: 'o1' } },
    );
    expect(moved).toMatchObject({ ok: true, revision: 1 });
    expect((await cases.loadCase(uuid(1))).state).toMatchObject({
      state: 'screening',
      dueAt: '2026-03-08T10:00:00.000Z',
    });
    expect(log.recorded.map((event) => event.meta.stream)).toEqual([
      complaintStream(uuid(1)),
      complaintStream(uuid(1)),
    ]);
  });

  it('gives the case of a process that has just started the same state', async () => {
    const log = createMemoryEventLog();
    const cases = createComplaintCommands({ log, policy: defaultPolicies, clock });
    await cases.handle(uuid(1), open, { actor: { kind: 'system' } });
    await cases.handle(uuid(1), { type: 'MoveCase', to: 'screening' }, { actor: { kind: 'officer', id: 'o1' } });
    const fresh = createComplaintCommands({ log, policy: defaultPolicies, clock });
    expect(await fresh.loadCase(uuid(1))).toEqual(await cases.loadCase(uuid(1)));
  });
});
