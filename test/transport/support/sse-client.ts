import { v1ServerFrameSchema, type V1ServerFrame } from '../../../src/transport/protocol/v1-server-frames.js';

export interface SseEvent {
  readonly id: string | undefined;
  readonly frame: V1ServerFrame | { readonly type: 'close'; readonly data: { readonly code: number } };
}

/** A stream of events of the resumable profile, read as a client that uses `fetch` reads it. */
export interface SseClient {
  readonly events: readonly SseEvent[];
  /** Resolves as soon as so many events (that fit) have come. */
  until(fits: (events: readonly SseEvent[]) => boolean): Promise<void>;
  readonly ended: Promise<void>;
  close(): void;
}

const eventOf = (block: string): SseEvent | null => {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const data = field('data');
  if (data === undefined) return null;
  const frame = JSON.parse(data) as SseEvent['frame'];
  return { id: field('id'), frame: frame.type === 'close' ? frame : v1ServerFrameSchema.parse(frame) };
};

export const connectSse = async (
  url: string,
  { sessionId, token }: { readonly sessionId: string; readonly token: string },
  position?: string,
): Promise<SseClient> => {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/agent/session/${sessionId}/events`, {
    headers: {
      Authorization: `Bearer ${token}`,
      ...(position === undefined ? {} : { 'Last-Event-ID': position }),
    },
    signal: abort.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  const events: SseEvent[] = [];
  const waiters = new Set<() => void>();
  const wake = (): void => {
    for (const waiter of [...waiters]) waiter();
  };
  let over = false;
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== null) events.push(event);
      }
      wake();
    }
  };
  const ended = read(response.body)
    .catch(() => undefined)
    .finally(() => {
      over = true;
      wake();
    });
  return {
    events,
    ended,
    until: async (fits) => {
      while (!fits(events)) {
        if (over) throw new Error('The stream ended before that');
        await new Promise<void>((resolve) => {
          const waiter = (): void => {
            waiters.delete(waiter);
            resolve();
          };
          waiters.add(waiter);
        });
      }
    },
    close: () => abort.abort(),
  };
};
