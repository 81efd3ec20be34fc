import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresLeases } from '../../src/agent/postgres-leases.js';
import type { Responder, TurnEvent } from '../../src/agent/responder.js';
import { deriveState } from '../../src/commands/session/derive-state.js';
import {
  agentThat,
  answered,
  begin,
  count,
  eventsOf,
  LEASE_MS,
  NEVER_MS,
  openOffice,
  post,
  until,
  untilTrue,
  type Office,
  type Process,
} from './support/office.js';

let office: Office;
let here: Process;
let there: Process;
const responders: Responder[] = [];

beforeAll(async () => {
  office = await openOffice();
  here = await office.newProcess();
  there = await office.newProcess();
});
afterEach(async () => {
  await Promise.all(responders.splice(0).map((responder) => responder.stop()));
});
afterAll(async () => {
  await here.close();
  await there.close();
  await office.drop();
});

const respond = (process: Process, options: Parameters<Process['respond']>[0] = {}): Responder => {
  const responder = process.respond(options);
  responders.push(responder);
  return responder;
};
const onlyNotified = { settings: { graceMs: NEVER_MS, pollMs: NEVER_MS, retryDelaysMs: [5, 5], stopTimeoutMs: 2_000 } };
const story = 'The police asked me for money.';
const officer = { kind: 'officer', id: 'officer-1' } as const;

describe('the responder', () => {
  it('answers at once when its own process tells it', async () => {
    const responder = respond(here, onlyNotified);
    const sessionId = await begin(here);
    const messageId = await post(here, sessionId, story);
    responder.notify(sessionId, messageId);
    await until(async () => expect(await answered(here, sessionId)).toEqual([messageId]));
  });

  it('answers what another process took in, after a grace', async () => {
    respond(here, { settings: { graceMs: 20, pollMs: NEVER_MS } });
    const sessionId = await begin(there);
    // The subscription may not stand yet when the first message comes: say more until it is heard.
    await until(async () => {
      await post(there, sessionId, story);
      expect((await answered(there, sessionId)).length).toBeGreaterThan(0);
    });
  });

  it('answers at its start what was left behind', async () => {
    const sessionId = await begin(here);
    const messageId = await post(here, sessionId, story);
    respond(there);
    await until(async () => expect(await answered(here, sessionId)).toEqual([messageId]));
  });

  it('takes no lease for what is said to an officer', async () => {
    const taken: string[] = [];
    const leases = createPostgresLeases({ pool: office.database.pool, durationMs: LEASE_MS });
    const responder = respond(here, {
      ...onlyNotified,
      leases: { ...leases, acquire: (id) => (taken.push(id), leases.acquire(id)) },
    });
    const [withOfficer, alone] = [await begin(here), await begin(here)];
    await here.commands.handle(withOfficer, { type: 'JoinAsOfficer' }, { actor: officer });
    responder.notify(withOfficer, await post(here, withOfficer, story));
    responder.notify(alone, await post(here, alone, story));
    await until(async () => expect(await answered(here, alone)).toHaveLength(1));
    // It looks for what was left behind too, so others may be among them.
    expect(taken.filter((id) => id === withOfficer || id === alone)).toEqual([alone]);
  });

  it('answers several messages in order, once each', async () => {
    const sessionId = await begin(here);
    const ids: string[] = [];
    for (const text of [story, 'also, it was on Monday evening', 'submit', 'what did I say']) {
      ids.push(await post(here, sessionId, text));
    }
    const responder = respond(here, onlyNotified);
    ids.forEach((messageId) => responder.notify(sessionId, messageId));
    await until(async () => expect(await answered(here, sessionId)).toEqual(ids));
  });

  it('makes one reply to each message when two processes respond', async () => {
    respond(here, { settings: { graceMs: 1, pollMs: 20 } });
    respond(there, { settings: { graceMs: 1, pollMs: 20 } });
    const sessions = await Promise.all(Array.from({ length: 20 }, () => begin(here)));
    const said = await Promise.all(
      sessions.map(async (sessionId, n) => {
        const process = n % 2 === 0 ? here : there;
        return [sessionId, await post(process, sessionId, story), await post(process, sessionId, 'submit')] as const;
      }),
    );
    await until(async () => {
      for (const [sessionId, ...ids] of said) expect(await answered(here, sessionId)).toEqual(ids);
    });
  });

  it('tells when a turn starts and ends', async () => {
    const told: TurnEvent[] = [];
    const responder = respond(here, { ...onlyNotified, onTurn: (event) => told.push(event) });
    const sessionId = await begin(here);
    const messageId = await post(here, sessionId, story);
    responder.notify(sessionId, messageId);
    await untilTrue(() => expect(told).toHaveLength(2));
    expect(told).toEqual([
      { sessionId, messageId, phase: 'started' },
      { sessionId, messageId, phase: 'finished' },
    ]);
  });

  it('works on no more sessions at a time than it may', async () => {
    let running = 0;
    let most = 0;
    const agent = agentThat(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { text: 'Hello.' };
    });
    const responder = respond(here, { agent, settings: { ...onlyNotified.settings, concurrency: 2 } });
    const sessions = await Promise.all(Array.from({ length: 10 }, () => begin(here)));
    for (const sessionId of sessions) responder.notify(sessionId, await post(here, sessionId, story));
    await until(async () => {
      for (const sessionId of sessions) expect(await answered(here, sessionId)).toHaveLength(1);
    });
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe('an agent that fails', () => {
  it('is tried again', async () => {
    let tries = 0;
    const agent = agentThat(() => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Error('overloaded')) : Promise.resolve({ text: 'Here I am.' });
    });
    const responder = respond(here, { ...onlyNotified, agent });
    const sessionId = await begin(here);
    responder.notify(sessionId, await post(here, sessionId, story));
    await until(async () => expect(await answered(here, sessionId)).toHaveLength(1));
    expect(await count(here, sessionId, 'TurnFailed')).toBe(0);
  });

  it('leaves a recoverable error at last, and the next message leads on', async () => {
    const told: TurnEvent['phase'][] = [];
    const failing = respond(here, {
      ...onlyNotified,
      agent: agentThat(() => Promise.reject(new Error('down'))),
      onTurn: ({ phase }) => told.push(phase),
    });
    const sessionId = await begin(here);
    failing.notify(sessionId, await post(here, sessionId, story));
    await until(async () => expect(await count(here, sessionId, 'TurnFailed')).toBe(1));
    expect(deriveState((await here.commands.loadSession(sessionId)).state)).toBe('error');
    await failing.stop();
    expect(told).toEqual(['started', 'failed']);
    const next = await post(here, sessionId, story);
    respond(here, onlyNotified).notify(sessionId, next);
    await until(async () => expect(await answered(here, sessionId)).toEqual([next]));
    expect(deriveState((await here.commands.loadSession(sessionId)).state)).toBe('evidence_upload');
  });

  it('runs again when a rule says no to what it decided, because the session moved on', async () => {
    let runs = 0;
    const sessionId = await begin(here);
    const agent = agentThat(async ({ tools }) => {
      runs += 1;
      tools.issue({ type: 'StartFiling' });
      tools.issue({ type: 'RecordDetails', details: { description: story }, descriptionMode: 'append' });
      tools.issue({ type: 'ProposeClassification', category: null, institution: 'police', confidence: 1 });
      tools.issue({ type: 'SettleClassification', outcome: 'accepted' });
      // Somebody else ends the draft behind the agent's back.
      if (runs === 1) {
        const citizen = { actor: { kind: 'citizen' } } as const;
        await here.commands.handle(sessionId, { type: 'StartFiling' }, citizen);
        await here.commands.handle(sessionId, { type: 'WithdrawDraft' }, citizen);
      }
      return { text: `Run ${runs}.` };
    });
    const responder = respond(here, { ...onlyNotified, agent });
    const messageId = await post(here, sessionId, story);
    responder.notify(sessionId, messageId);
    await until(async () => expect(await answered(here, sessionId)).toEqual([messageId]));
  });
});

describe('an officer in the conversation', () => {
  it('silences the assistant, owes no reply, and hands back', async () => {
    const responder = respond(here, { settings: { graceMs: 1, pollMs: 20 } });
    const sessionId = await begin(here);
    await here.commands.handle(sessionId, { type: 'JoinAsOfficer' }, { actor: officer });
    responder.notify(sessionId, await post(here, sessionId, story));
    await here.commands.handle(sessionId, { type: 'LeaveAsOfficer' }, { actor: officer });
    const next = await post(here, sessionId, 'The police asked me for money again.');
    responder.notify(sessionId, next);
    await until(async () => expect(await answered(here, sessionId)).toEqual([next]));
  });

  it('who joins while the agent thinks gets no reply of the agent in between', async () => {
    const sessionId = await begin(here);
    let joined = false;
    const agent = agentThat(async () => {
      await here.commands.handle(sessionId, { type: 'JoinAsOfficer' }, { actor: officer });
      joined = true;
      return { text: 'Too late.' };
    });
    const responder = respond(here, { ...onlyNotified, agent });
    responder.notify(sessionId, await post(here, sessionId, story));
    await untilTrue(() => expect(joined).toBe(true));
    await responder.stop();
    expect(await answered(here, sessionId)).toEqual([]);
    await until(async () => {
      const due = await here.queries.pendingTurns({ olderThanMs: 0, limit: 100 });
      expect(due.map((turn) => turn.sessionId)).not.toContain(sessionId);
    });
  });
});

describe('a lost lease', () => {
  it('ends the turn without a reply; the other process makes the one reply', async () => {
    const leases = createPostgresLeases({ pool: office.database.pool, durationMs: LEASE_MS });
    const robbed = {
      durationMs: 60,
      acquire: async (sessionId: string) => {
        const lease = await leases.acquire(sessionId);
        return lease && { renew: () => Promise.resolve(false), release: () => lease.release() };
      },
    };
    let aborted = false;
    const agent = agentThat(
      ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve({ text: 'From beyond.' });
          });
        }),
    );
    const loser = respond(here, { ...onlyNotified, agent, leases: robbed });
    const sessionId = await begin(here);
    const messageId = await post(here, sessionId, story);
    loser.notify(sessionId, messageId);
    await untilTrue(() => expect(aborted).toBe(true));
    await loser.stop();
    respond(there);
    await until(async () => expect(await answered(here, sessionId)).toEqual([messageId]));
    const replies = (await eventsOf(here, sessionId)).map((event) => event.type === 'AgentReplied' && event.data.text);
    expect(replies).not.toContain('From beyond.');
  });
});

describe('stopping', () => {
  it('ends the running turn first', async () => {
    let release = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      release = resolve;
    });
    let go = (): void => undefined;
    const agent = agentThat(async () => {
      release();
      await new Promise<void>((resolve) => (go = resolve));
      return { text: 'Done.' };
    });
    const responder = respond(here, { ...onlyNotified, agent });
    const sessionId = await begin(here);
    const messageId = await post(here, sessionId, story);
    responder.notify(sessionId, messageId);
    await started;
    const stopped = responder.stop();
    go();
    await stopped;
    expect(await answered(here, sessionId)).toEqual([messageId]);
  });

  it('does not wait for ever for an agent that hangs', async () => {
    let started = false;
    const agent = agentThat(() => {
      started = true;
      return new Promise(() => undefined);
    });
    const responder = respond(here, { agent, settings: { ...onlyNotified.settings, stopTimeoutMs: 50 } });
    const sessionId = await begin(here);
    responder.notify(sessionId, await post(here, sessionId, story));
    await untilTrue(() => expect(started).toBe(true));
    await responder.stop();
    expect(await answered(here, sessionId)).toEqual([]);
  });
});
