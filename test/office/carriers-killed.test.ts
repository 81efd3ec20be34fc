import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createComplaintCommands, type ComplaintCommands } from '../../src/commands/command-handler.js';
import { complaintStream, sessionStream, type AnyRecorded } from '../../src/events/catalogue/index.js';
import { reactorCheckpointMigrations } from '../../src/events/postgres/reactor-checkpoints.js';
import { systemClock } from '../../src/platform/clock.js';
import { newId, newSessionId } from '../../src/platform/ids.js';
import { migrate } from '../../src/platform/migrate.js';
import { append, logDatabase, openLog, said, type ProcessLog } from '../events/support/postgres-log.js';
import type { TestDatabase } from '../support/database.js';
import { testPolicies } from '../support/dialogue.js';

// Real processes of the built program (`dist/`, which `npm test` builds first), and SIGKILL.

let database: TestDatabase;
let here: ProcessLog;
let cases: ComplaintCommands;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await logDatabase();
  await migrate(database.pool, 'citizen', reactorCheckpointMigrations);
  here = await openLog(database);
  cases = createComplaintCommands({ log: here.log, policy: testPolicies, clock: systemClock });
});
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(async () => {
  await here.store.close();
  await database.drop();
});

type Step = 'before_append' | 'appended' | 'before_checkpoint';
const carryElsewhere = (only: 'messenger' | 'courier', step?: Step): ChildProcess => {
  const child = fork(fileURLToPath(new URL('./support/carrier-child.mjs', import.meta.url)), { execArgv: [] });
  children.push(child);
  child.send({ url: database.url, only, step });
  return child;
};

/** Runs a carrier until it comes to the step, kills it there, and lets another one go on. */
const killAt = async (only: 'messenger' | 'courier', step: Step): Promise<void> => {
  const doomed = carryElsewhere(only, step);
  const gone = once(doomed, 'exit');
  await Promise.race([
    once(doomed, 'message'),
    gone.then(() => Promise.reject(new Error('The process ended before it came to the step'))),
  ]);
  doomed.kill('SIGKILL');
  await gone;
  carryElsewhere(only);
};

/** A conversation with a complaint whose case is being checked. */
const openCase = async (): Promise<{ sessionId: string; complaintId: string }> => {
  const [sessionId, complaintId] = [newSessionId(), newId()];
  const started = { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: 'v1' } as const;
  await append(here.log, sessionId, { type: 'SessionStarted', data: started });
  const opened = { trackingLookup: newId(), standing: 'complainant', category: null, institution: null } as const;
  await cases.handle(
    complaintId,
    { type: 'OpenCase', complaintId, sessionId, ...opened, filedAt: systemClock.now().toISOString() },
    { actor: { kind: 'system' } },
  );
  await asOfficer(complaintId, { type: 'MoveCase', to: 'screening' });
  return { sessionId, complaintId };
};
const asOfficer = async (complaintId: string, command: Parameters<ComplaintCommands['handle']>[1]): Promise<void> => {
  const outcome = await cases.handle(complaintId, command, { actor: { kind: 'officer', id: 'o-1' } });
  if (!outcome.ok) throw new Error(outcome.refusal.code);
};
const eventsOf = async (stream: string): Promise<AnyRecorded[]> => {
  const events: AnyRecorded[] = [];
  for await (const event of here.log.readStream(stream)) events.push(event);
  return events;
};
const until = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 30_000, interval: 50 });
const steps: readonly Step[] = ['before_append', 'appended', 'before_checkpoint'];

describe('a process killed with SIGKILL', () => {
  it.each(steps)('at %s while it brings a question: the citizen is asked exactly once', async (step) => {
    const { sessionId, complaintId } = await openCase();
    await asOfficer(complaintId, { type: 'MoveCase', to: 'info_requested', question: 'On which day was it?' });
    await killAt('messenger', step);
    // A later letter shows that the carrier came past the question.
    await asOfficer(complaintId, { type: 'WriteToCitizen', text: 'Please answer.' });
    const kinds = async (): Promise<string[]> =>
      (await eventsOf(sessionStream(sessionId))).flatMap((event) =>
        event.type === 'CaseUpdateReceived' ? [event.data.kind] : [],
      );
    await until(async () => expect(await kinds()).toEqual(['status', 'question', 'message']));
  });

  it.each(steps)('at %s while it carries an answer: the case holds it exactly once', async (step) => {
    const { sessionId, complaintId } = await openCase();
    await asOfficer(complaintId, { type: 'MoveCase', to: 'info_requested', question: 'On which day was it?' });
    const give = async (text: string): Promise<void> => {
      const messageIds = [await append(here.log, sessionId, said(text))];
      await append(here.log, sessionId, {
        type: 'CaseRequestMade',
        data: { complaintId, request: 'answer', messageIds },
      });
    };
    await give('On Monday');
    await killAt('courier', step);
    await give('At noon');
    const answers = async (): Promise<string[]> =>
      (await eventsOf(complaintStream(complaintId))).flatMap((event) =>
        event.type === 'CitizenAnswered' ? [event.data.text] : [],
      );
    await until(async () => expect(await answers()).toEqual(['On Monday', 'At noon']));
    const moves = (await eventsOf(complaintStream(complaintId))).filter(({ type }) => type === 'CaseMoved');
    expect(moves.map((event) => (event.type === 'CaseMoved' ? event.data.to : ''))).toEqual([
      'screening',
      'info_requested',
      'screening',
    ]);
  });
});
