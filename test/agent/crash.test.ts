import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Leases } from '../../src/agent/leases.js';
import { createPostgresLeases } from '../../src/agent/postgres-leases.js';
import type { TurnStep } from '../../src/agent/turn.js';
import { deriveState } from '../../src/commands/session/derive-state.js';
import { knownNumber } from '../support/dialogue.js';
import {
  answered,
  begin,
  count,
  LEASE_MS,
  openOffice,
  post,
  until,
  untilTrue,
  type Office,
  type Process,
} from './support/office.js';

// A responder is "killed" by stopping it for good at one step: it does nothing more, and its lease is neither renewed nor
// given up, as with a process that is gone. `kill.test.ts` does the same with a real process and SIGKILL.

let office: Office;
let first: Process;
let second: Process;
beforeAll(async () => {
  office = await openOffice();
  first = await office.newProcess();
  second = await office.newProcess();
});
afterAll(async () => {
  await first.close();
  await second.close();
  await office.drop();
});

/** Leases whose holder can die: then nothing is renewed or given up any more. */
const mortalLeases = (isDead: () => boolean): Leases => {
  const leases = createPostgresLeases({ pool: office.database.pool, durationMs: LEASE_MS });
  return {
    durationMs: leases.durationMs,
    acquire: async (sessionId) => {
      if (isDead()) return undefined;
      const lease = await leases.acquire(sessionId);
      return (
        lease && {
          renew: () => (isDead() ? new Promise<boolean>(() => undefined) : lease.renew()),
          release: () => (isDead() ? Promise.resolve() : lease.release()),
        }
      );
    },
  };
};

/** A responder that dies when a turn of this session first comes to the step. */
const dieAt = (deadly: TurnStep, session: string) => {
  let dead = false;
  const responder = first.respond({
    leases: mortalLeases(() => dead),
    at: (step, sessionId) => {
      if (step === deadly && sessionId === session) dead = true;
      // After `released` there is nothing left to do, dead or alive; waiting there would only keep the test from stopping it.
      return dead && step !== 'released' ? new Promise<void>(() => undefined) : undefined;
    },
    settings: { stopTimeoutMs: 1 },
  });
  return { responder, hasDied: () => dead };
};

const settled = async (process: Process, sessionId: string, ids: readonly string[]): Promise<void> => {
  await until(async () => expect(await answered(process, sessionId)).toEqual(ids));
};

/** Kills one responder at the step while it answers the last of the texts, then lets another one go on. */
const crashDuring = async (step: TurnStep, texts: readonly string[]): Promise<string> => {
  const sessionId = await begin(first);
  const ids: string[] = [];
  const calm = second.respond();
  for (const text of texts.slice(0, -1)) {
    const id = await post(first, sessionId, text);
    calm.notify(sessionId, id);
    ids.push(id);
    await settled(first, sessionId, ids);
  }
  await calm.stop();
  const doomed = dieAt(step, sessionId);
  const last = await post(first, sessionId, texts.at(-1) ?? '');
  doomed.responder.notify(sessionId, last);
  await untilTrue(() => expect(doomed.hasDied()).toBe(true));
  await doomed.responder.stop();
  const heir = second.respond();
  await settled(second, sessionId, [...ids, last]);
  // What a late writer might still add would come before this message is answered.
  const after = await post(second, sessionId, 'thanks');
  heir.notify(sessionId, after);
  await settled(second, sessionId, [...ids, last, after]);
  await heir.stop();
  return sessionId;
};

const everyTurn = [
  'leased',
  'loaded',
  'agent_started',
  'agent_finished',
  'before_append',
  'appended',
  'released',
] as const;

describe('a responder killed while it files', () => {
  it.each<TurnStep>([...everyTurn, 'before_submission', 'submission_prepared', 'submission_decided'])(
    'at %s: one reply, one complaint, one tracking number for it',
    async (step) => {
      const sessionId = await crashDuring(step, ['The police asked me for money.', 'submit', 'yes']);
      expect(await count(first, sessionId, 'ComplaintSubmitted')).toBe(1);
      expect(deriveState((await first.commands.loadSession(sessionId)).state)).toBe('completed');
    },
  );
});

describe('a responder killed while it looks a number up', () => {
  it.each<TurnStep>(['before_lookup', 'looked_up', 'agent_finished', 'appended'])(
    'at %s: one reply, one recorded lookup',
    async (step) => {
      const sessionId = await crashDuring(step, ['hello', knownNumber]);
      expect(await count(first, sessionId, 'TrackingLookedUp')).toBe(1);
    },
  );
});

describe('a responder killed while it takes the story', () => {
  it.each<TurnStep>(everyTurn)('at %s: the story is recorded once', async (step) => {
    const sessionId = await crashDuring(step, ['The police asked me for money.']);
    expect(await count(first, sessionId, 'FilingStarted')).toBe(1);
    const { state } = await first.commands.loadSession(sessionId);
    expect(state.draft.description).toBe('The police asked me for money.');
  });
});
