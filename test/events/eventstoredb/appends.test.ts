import { expect, it, vi } from 'vitest';
import { collect, errorOf, newEvents, newStream } from '../../contract/event-store/support.js';
import { doubleForEachTest } from './support.js';

// What an append says about its outcome, and when.
const here = doubleForEachTest();
const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | undefined)?.code;

it('a server whose clock is ahead takes appends all the same', async () => {
  here.double.faults.clockAhead(3_600_000);
  const store = await here.open();
  expect(await store.append(newStream(), newEvents(2), { expected: 'noStream' })).toMatchObject({ revision: 1 });
});
it('a server that answers that it is busy is asked again', async () => {
  const store = await here.open();
  here.double.faults.refuseAppends(3, 0, 'Server Is Busy');
  expect(await store.append(newStream(), newEvents(1), { expected: 'noStream' })).toMatchObject({ revision: 0 });
});
it('a server that was busy all the time has written nothing, and that is known', async () => {
  const store = await here.open({ timeoutMs: 400 });
  here.double.faults.refuseAppends(100_000, 0, 'Server Is Busy');
  const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
});
it('an error that the client has no name for counts by its code: what can never be taken is refused at once', async () => {
  const store = await here.open();
  here.double.faults.refuseAppends(1, 3, 'MaximumAppendEventSizeExceeded');
  const before = here.double.appends();
  const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(error).toMatchObject({ code: 'invalid_append' });
  expect(here.double.appends()).toBe(before + 1);
});
it('appends that waited behind one that was tried in vain are given up with it, without tries of their own', async () => {
  const store = await here.open({ timeoutMs: 600 });
  const stream = newStream();
  await store.append(stream, newEvents(1), { expected: 'noStream' });
  here.double.faults.holdAnswers(100_000);
  const before = here.double.appends();
  const errors = await Promise.all(
    Array.from({ length: 20 }, (_, index) => errorOf(store.append(stream, newEvents(1), { expected: index }))),
  );
  expect(errors[0]).toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
  // The time of some ends a moment after that of the first: those may still be decided by what the stream has.
  for (const error of errors) expect(['store_unavailable', 'wrong_expected_revision']).toContain(codeOf(error));
  expect(here.double.appends() - before).toBeLessThan(10);
});
it('an append that was written, but whose place cannot be read back, is unknown', async () => {
  const store = await here.open({ timeoutMs: 1_500 });
  here.double.faults.loseAnswers(1);
  here.double.faults.stallReads(0);
  const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
});
it('an append to a stream whose events were all truncated away ends, without asking the server all the time', async () => {
  const stream = newStream();
  await (await here.open()).append(stream, newEvents(3), { expected: 'noStream' });
  here.double.server.truncate(`citizen.${stream}`, 3);
  const store = await here.open({ timeoutMs: 700 });
  const before = here.double.appends();
  const error = await errorOf(store.append(stream, newEvents(1), { expected: 'any' }));
  expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
  expect((error as Error).message).toContain('truncated');
  expect(here.double.appends() - before).toBeLessThan(60);
});
it('a call that broke does not take the next one with it: all appends share one again', async () => {
  const store = await here.open();
  for (let round = 0; round < 5; round++) {
    here.double.faults.loseAnswers(1);
    await Promise.all(
      Array.from({ length: 20 }, () => store.append(newStream(), newEvents(1), { expected: 'noStream' })),
    );
  }
  await vi.waitUntil(() => here.double.openAppendCalls() === 1);
});
it('without the right to write, an append fails at once and says why', async () => {
  const store = await here.open();
  here.double.faults.deny('writes');
  const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
  expect((error as Error).message).toContain('rights');
  here.double.faults.deny(undefined);
  expect(await collect(store.readAll())).toHaveLength(1);
});
