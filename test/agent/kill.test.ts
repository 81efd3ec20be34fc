import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TurnStep } from '../../src/agent/turn.js';
import { testPepper } from '../support/dialogue.js';
import {
  answered,
  begin,
  count,
  LEASE_MS,
  openOffice,
  post,
  until,
  type Office,
  type Process,
} from './support/office.js';

// Real processes of the built program (`dist/`, which `npm test` builds first), and SIGKILL.

let office: Office;
let here: Process;
const children: ChildProcess[] = [];

beforeAll(async () => {
  office = await openOffice();
  here = await office.newProcess();
});
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(async () => {
  await here.close();
  await office.drop();
});

const respondElsewhere = (step?: TurnStep): ChildProcess => {
  const child = fork(fileURLToPath(new URL('./support/responder-child.mjs', import.meta.url)), { execArgv: [] });
  children.push(child);
  child.send({ url: office.database.url, step, pepper: testPepper, leaseMs: LEASE_MS });
  return child;
};
const allAnswered = (sessionId: string, ids: readonly string[]) =>
  until(async () => expect(await answered(here, sessionId)).toEqual(ids), 30_000);

describe('a responder process killed with SIGKILL', () => {
  it.each<TurnStep>(['loaded', 'submission_prepared', 'before_append', 'appended'])(
    'at %s while it files: another one makes the one reply and files once',
    async (step) => {
      const sessionId = await begin(here);
      const before = here.respond();
      const ids: string[] = [];
      for (const text of ['The police asked me for money.', 'submit']) {
        const id = await post(here, sessionId, text);
        ids.push(id);
        before.notify(sessionId, id);
        await allAnswered(sessionId, ids);
      }
      await before.stop();
      const doomed = respondElsewhere(step);
      const gone = once(doomed, 'exit');
      const there = Promise.race([
        once(doomed, 'message'),
        gone.then(() => Promise.reject(new Error('The process ended before it came to the step'))),
      ]);
      ids.push(await post(here, sessionId, 'yes'));
      await there;
      doomed.kill('SIGKILL');
      await gone;
      respondElsewhere();
      await allAnswered(sessionId, ids);
      expect(await count(here, sessionId, 'ComplaintSubmitted')).toBe(1);
    },
  );
});
