import { setTimeout as delay } from 'node:timers/promises';
import { createSessionCommands } from '../../../src/commands/command-handler.js';
import { createPolicies } from '../../../src/commands/policies/policies.js';
import type { SessionCommand } from '../../../src/commands/session/commands.js';
import { systemClock } from '../../../src/platform/clock.js';
import { loadConfig } from '../../../src/platform/config.js';
import { createLogger } from '../../../src/platform/logging.js';
import { openStorage } from '../../../src/storage.js';
import type { OfficersJob, ToOfficers } from './officers.js';

// See officers.ts. Started with the environment of the servers.

const config = loadConfig({ ...process.env, LOG_LEVEL: 'error' });
const storage = await openStorage(config, createLogger(config), { as: 'tool' });
const commands = createSessionCommands({ log: storage.log, policy: createPolicies(), clock: systemClock });
let job: OfficersJob = { sessions: [], everyMs: null, chars: 0 };

const order = async (sessionId: string, command: SessionCommand): Promise<void> => {
  const outcome = await commands.handle(sessionId, command, { actor: { kind: 'officer', id: 'bench' } });
  if (!outcome.ok) throw new Error(`An officer was refused: ${outcome.refusal.code}`);
};

const joinAll = async (): Promise<void> => {
  const waiting = job.sessions.values();
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (const sessionId of waiting) await order(sessionId, { type: 'JoinAsOfficer' });
    }),
  );
};

const write = async (sessionId: string, first: number, everyMs: number, until: number): Promise<number> => {
  const written: Promise<void>[] = [];
  for (let due = first; due < until; due += everyMs) {
    await delay(Math.max(0, due - Date.now()));
    const text = `Officer's message ${written.length} `.padEnd(job.chars, 'x');
    // Open loop: the next one does not wait for this one, but the handler keeps the order of a session.
    written.push(order(sessionId, { type: 'ReplyAsOfficer', text }));
  }
  await Promise.all(written);
  return written.length;
};

const writeAll = async (startAt: number, seconds: number): Promise<number> => {
  const { everyMs, sessions } = job;
  if (everyMs === null) return 0;
  const until = startAt + seconds * 1000;
  const counts = await Promise.all(
    sessions.map((session, index) => write(session, startAt + (index / sessions.length) * everyMs, everyMs, until)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

const obey = async (message: ToOfficers): Promise<void> => {
  switch (message.type) {
    case 'join':
      ({ job } = message);
      await joinAll();
      process.send?.('joined');
      return;
    case 'go':
      process.send?.(await writeAll(message.startAt, message.seconds));
      return;
    case 'end':
      await storage.close();
      process.exit(0);
  }
};

process.on('message', (message) => {
  obey(message as ToOfficers).catch((error: unknown) => {
    console.error('The officers failed', error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));
