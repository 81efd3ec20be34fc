import { pino } from 'pino';
import { vi } from 'vitest';
import type { Agent } from '../../../src/agent/agent.js';
import { responderMigrations, createPostgresLeases } from '../../../src/agent/postgres-leases.js';
import { startResponder, type Responder, type ResponderOptions } from '../../../src/agent/responder.js';
import { createAccessKeys } from '../../../src/commands/access-key.js';
import { createSessionCommands, type SessionCommands } from '../../../src/commands/command-handler.js';
import { createPrepareSubmission } from '../../../src/commands/session/prepare-submission.js';
import { sessionStream, type AnyRecorded } from '../../../src/events/catalogue/index.js';
import { systemClock } from '../../../src/platform/clock.js';
import { newId, newSessionId } from '../../../src/platform/ids.js';
import { migrate } from '../../../src/platform/migrate.js';
import { projectionMigrations } from '../../../src/projections/migrations.js';
import { createQueries, type Queries } from '../../../src/projections/queries/index.js';
import { startProjections } from '../../../src/projections/start.js';
import { logDatabase, openLog, type ProcessLog } from '../../events/support/postgres-log.js';
import type { TestDatabase } from '../../support/database.js';
import { testGuidedAgent, testPepper, testPolicies } from '../../support/dialogue.js';

/** What one server process has, as far as the responder needs it. Several of them may share a database. */
export interface Process {
  readonly own: ProcessLog;
  readonly commands: SessionCommands;
  readonly queries: Queries;
  /** Starts a responder; rhythms of a test unless said otherwise. */
  respond(options?: Partial<ResponderOptions>): Responder;
  close(): Promise<void>;
}

export interface Office {
  readonly database: TestDatabase;
  newProcess(): Promise<Process>;
  drop(): Promise<void>;
}

const silent = pino({ level: 'silent' });

/** Ms for which a lease lasts in tests; a turn left behind is taken over after it. */
export const LEASE_MS = 600;
/** Longer than any test: such a trigger never fires. */
export const NEVER_MS = 600_000;

const respondWith =
  (database: TestDatabase, { log }: ProcessLog, commands: SessionCommands, queries: Queries): Process['respond'] =>
  (options = {}) => {
    const accessKeys = createAccessKeys({ log2N: 10 });
    return startResponder({
      log,
      commands,
      policy: testPolicies,
      pepper: testPepper,
      clock: systemClock,
      logger: silent,
      agent: testGuidedAgent(),
      prepareSubmission: createPrepareSubmission({ log, pepper: testPepper, accessKeys, clock: systemClock }),
      lookUp: () => Promise.resolve({ outcome: 'not_found' }),
      openCase: () => Promise.resolve({ outcome: 'not_found' }),
      officeWords: () => Promise.resolve({ question: null, reason: null }),
      pendingTurns: (asked) => queries.pendingTurns(asked),
      leases: createPostgresLeases({ pool: database.pool, durationMs: LEASE_MS }),
      ...options,
      settings: { graceMs: 50, pollMs: 100, retryDelaysMs: [5, 5], stopTimeoutMs: 5_000, ...options.settings },
    });
  };

/** A database with everything that conversations need, and one set of read models for all processes on it. */
export const openOffice = async (): Promise<Office> => {
  const database = await logDatabase();
  await migrate(database.pool, 'citizen', [...projectionMigrations, ...responderMigrations]);
  const first = await openLog(database);
  const projections = await startProjections({ pool: database.pool, log: first.log, logger: silent });
  return {
    database,
    newProcess: async () => {
      const own = await openLog(database);
      const commands = createSessionCommands({ log: own.log, policy: testPolicies, clock: systemClock });
      const queries = createQueries({ pool: database.pool, codec: own.codec, log: own.log, abandonedAfterHours: 24 });
      return {
        own,
        commands,
        queries,
        respond: respondWith(database, own, commands, queries),
        close: () => own.store.close(),
      };
    },
    drop: async () => {
      await projections.stop();
      await first.store.close();
      await database.drop();
    },
  };
};

const citizen = { kind: 'citizen' } as const;

export const begin = async ({ commands }: Process): Promise<string> => {
  const sessionId = newSessionId();
  await commands.handle(sessionId, { type: 'StartSession', language: 'en', channel: 'web' }, { actor: citizen });
  return sessionId;
};

/** Appends a message as transport does; tells no responder. Gives its id. */
export const post = async ({ commands }: Process, sessionId: string, text: string): Promise<string> => {
  const messageId = newId();
  const outcome = await commands.handle(
    sessionId,
    { type: 'PostUserMessage', messageId, text, evidence: [] },
    { actor: citizen },
  );
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return messageId;
};

export const eventsOf = async ({ own }: Process, sessionId: string): Promise<AnyRecorded[]> => {
  const events: AnyRecorded[] = [];
  for await (const event of own.log.readStream(sessionStream(sessionId))) events.push(event);
  return events;
};

/** Message ids that were answered, in the order of the replies; a message that is answered twice is there twice. */
export const answered = async (process: Process, sessionId: string): Promise<string[]> =>
  (await eventsOf(process, sessionId)).flatMap((event) => (event.type === 'AgentReplied' ? [event.data.answers] : []));

export const count = async (process: Process, sessionId: string, type: AnyRecorded['type']): Promise<number> =>
  (await eventsOf(process, sessionId)).filter((event) => event.type === type).length;

/** Waits until something holds. */
export const until = <T>(check: () => Promise<T>, timeout = 60_000): Promise<T> =>
  vi.waitFor(check, { timeout, interval: 20 });

/** The same for a check that needs no waiting of its own. */
export const untilTrue = (check: () => void): Promise<void> =>
  until(() => {
    check();
    return Promise.resolve();
  });

/** An agent that answers with these words, or does what the function does. */
export const agentThat = (takeTurn: Agent['takeTurn']): Agent => ({ name: 'scripted', version: '1', takeTurn });
