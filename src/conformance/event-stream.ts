import type { AnyFrame } from './peer.js';
import { failed } from './outcome.js';

/** A stream of Server-Sent Events that is being read. */
export interface EventStream {
  readonly frames: readonly (AnyFrame & { readonly eventId: string | null })[];
  /** Resolves when `isTrue` holds for what has come; fails after `ms`. */
  until(what: string, isTrue: (frames: EventStream['frames']) => boolean, ms?: number): Promise<void>;
  close(): void;
}

const STREAM_MS = 5000;

interface Parsed {
  readonly data: string;
  readonly id: string | null;
}

/** Splits text into events; gives what is left over. */
const parseEvents = (text: string): readonly [events: readonly Parsed[], rest: string] => {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const events = blocks.flatMap((block): Parsed[] => {
    const fields = block.split('\n').map((line) => /^([a-z]+): ?(.*)$/.exec(line));
    const data = fields.flatMap((field) => (field?.[1] === 'data' ? [field[2] ?? ''] : []));
    const id = fields.findLast((field) => field?.[1] === 'id')?.[2] ?? null;
    return data.length === 0 ? [] : [{ data: data.join('\n'), id }];
  });
  return [events, rest];
};

/** Reads the body of an answer as events whose data are frames. */
export const readEventStream = (response: Response): EventStream => {
  const body = response.body;
  if (body === null) throw failed('The stream of events has no body');
  const frames: (AnyFrame & { readonly eventId: string | null })[] = [];
  const reader = body.getReader();
  const wakers = new Set<() => void>();
  let ended = false;

  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const chunk = (await reader.read()) as { readonly done: boolean; readonly value?: Uint8Array };
      if (chunk.done) return;
      text += decoder.decode(chunk.value, { stream: true });
      const [events, rest] = parseEvents(text);
      text = rest;
      for (const { data, id } of events) {
        const raw = JSON.parse(data) as Record<string, unknown>;
        frames.push({ ...raw, data: (raw['data'] ?? {}) as AnyFrame['data'], raw, cameAt: 0, eventId: id });
      }
      for (const wake of [...wakers]) wake();
    }
  };
  const reading = read()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
      for (const wake of [...wakers]) wake();
    });

  return {
    frames,
    until: async (what, isTrue, ms = STREAM_MS) => {
      const deadline = performance.now() + ms;
      while (!isTrue(frames)) {
        const left = deadline - performance.now();
        if (ended || left <= 0) throw failed(`${what} did not come over Server-Sent Events`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, left);
          function done(): void {
            clearTimeout(timer);
            wakers.delete(done);
            resolve();
          }
          wakers.add(done);
        });
      }
    },
    close: () => {
      void reader.cancel().catch(() => undefined);
      void reading;
    },
  };
};
