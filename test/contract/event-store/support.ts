import { randomUUID } from 'node:crypto';
import type {
  EventStore,
  NewEvent,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionMessage,
} from '../../../src/events/store.js';

/** What an adapter gives to be tested. */
export interface StoreUnderTest {
  readonly store: EventStore;
  /** A second instance on the same log, as another process would have. The contract closes it. */
  openAnother(): Promise<EventStore>;
  close(): Promise<void>;
}

/** What every group of cases works on: one log for all of them, so each case uses streams of its own. */
export interface Subject {
  readonly store: EventStore;
  /** The second instance. */
  readonly other: EventStore;
}

export const newStream = (): string => `contract-${randomUUID()}`;

export const newEvent = (fields: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: 'SomethingHappened',
  schemaVersion: 1,
  payload: '{"what":"a small thing"}',
  occurredAt: '2026-03-04T05:06:07.089Z',
  actor: { kind: 'citizen' },
  ...fields,
});

export const newEvents = (count: number, fields: Partial<NewEvent> = {}): NewEvent[] =>
  Array.from({ length: count }, () => newEvent(fields));

export const idsOf = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id);

export async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of from) all.push(item);
  return all;
}

/** The error that a promise rejects with, or undefined. */
export const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** A running subscription: collects, and lets a test wait for what it needs. */
export interface Subscriber {
  readonly messages: readonly SubscriptionMessage[];
  readonly events: readonly RecordedEvent[];
  /** Resolves when the condition holds, asked after each message; rejects when the subscription ends before. */
  until(condition: (subscriber: Subscriber) => boolean): Promise<void>;
  /** Aborts and waits for the end; rejects when the subscription failed. */
  stop(): Promise<void>;
}

export function startSubscriber(store: EventStore, options: Omit<SubscribeOptions, 'signal'>): Subscriber {
  const controller = new AbortController();
  const messages: SubscriptionMessage[] = [];
  const events: RecordedEvent[] = [];
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const each of woken) each();
  };
  let over = false;
  const pump = async (): Promise<void> => {
    for await (const message of store.subscribe({ ...options, signal: controller.signal })) {
      messages.push(message);
      if (message.kind === 'event') events.push(message.event);
      wake();
    }
  };
  const ended = pump().finally(() => {
    over = true;
    wake();
  });
  ended.catch(() => undefined);
  const subscriber: Subscriber = {
    messages,
    events,
    async until(condition) {
      while (!condition(subscriber)) {
        if (over) await ended.then(() => Promise.reject(new Error('The subscription ended')));
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    async stop() {
      controller.abort();
      await ended;
    },
  };
  return subscriber;
}

export const isCaughtUp = ({ messages }: Subscriber): boolean => messages.some(({ kind }) => kind === 'caught-up');

/** How far a subscriber has been told that it has seen everything. */
export const toldPosition = ({ messages }: Subscriber): bigint => {
  const last = messages.at(-1);
  if (last === undefined) return -1n;
  return last.kind === 'event' ? last.event.position : last.position;
};

/** Runs `body` with a subscriber and stops it in the end. */
export async function withSubscriber(
  store: EventStore,
  options: Omit<SubscribeOptions, 'signal'>,
  body: (subscriber: Subscriber) => Promise<void>,
): Promise<void> {
  const subscriber = startSubscriber(store, options);
  try {
    await body(subscriber);
  } finally {
    await subscriber.stop();
  }
}
