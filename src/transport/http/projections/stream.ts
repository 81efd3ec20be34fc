import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../../protocol/result.js';
import type { RouteAnswer } from '../route.js';

export interface StandStream {
  /** An answer that tells how everything stands, every second, as Server-Sent Events. */
  open(): Result<RouteAnswer, ProtocolError>;
  /** Ends all of them; no more are opened. */
  close(): void;
}

const EVERY_MS = 1000;
const MAX_STREAMS = 20;
/** A reader who is further behind is passed over until it has read. */
const MAX_BUFFERED_BYTES = 256 * 1024;
const RETRY_MS = 5000;

/** @param stand JSON of how everything stands now */
export function createStandStream(stand: () => Promise<string>): StandStream {
  const closing = new AbortController();
  const open = new Set<ServerResponse>();

  const feed = async (response: ServerResponse, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      // The database may be away for a moment: the stream says so and goes on.
      const text = await stand().then(
        (data) => `event: status\ndata: ${data}\n\n`,
        () => 'event: unavailable\ndata: {}\n\n',
      );
      if (response.writable && response.writableLength <= MAX_BUFFERED_BYTES) response.write(text);
      await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    response.end();
  };

  return {
    open() {
      if (closing.signal.aborted) return fail(protocolError('draining', { retryAfterMs: RETRY_MS }));
      if (open.size >= MAX_STREAMS) return fail(protocolError('overloaded', { retryAfterMs: RETRY_MS }));
      return ok({
        status: 200,
        body: null,
        headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' },
        stream: (response) => {
          const left = new AbortController();
          open.add(response);
          response.once('close', () => {
            open.delete(response);
            left.abort();
          });
          response.flushHeaders();
          void feed(response, AbortSignal.any([left.signal, closing.signal]));
        },
      });
    },
    close: () => closing.abort(),
  };
}
