import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { z } from 'zod';

const sessionSchema = z.object({ sessionId: z.string(), websocketUrl: z.string() });
const frameSchema = z.object({
  type: z.string(),
  data: z.object({
    message: z.string().optional(),
    state: z.string().optional(),
    trackingNumber: z.string().optional(),
    inReplyTo: z.string().optional(),
  }),
});

export interface Said {
  readonly id: string;
  readonly text: string;
}

/** What one citizen has seen when all of their messages are answered. */
export interface CitizenOutcome {
  readonly sessionId: string;
  readonly said: readonly Said[];
  readonly trackingNumber: string | null;
  readonly state: string | null;
  readonly reconnects: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats until it works: the server may be down in between (that is what the demo is about). */
const persist = async <T>(attempt: () => Promise<T>, deadline: number): Promise<T> => {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(200);
    }
  }
};

const startSession = async (baseUrl: string): Promise<z.infer<typeof sessionSchema>> => {
  const response = await fetch(`${baseUrl}/api/agent/session`, { method: 'POST' });
  if (response.status !== 201) throw new Error(`POST /api/agent/session answered ${response.status}`);
  return sessionSchema.parse(await response.json());
};

/**
 * Talks as a careful client of the classic profile does: one message at a time, each with an id of its own, said again with
 * the same id after a lost connection until the reply is there.
 * @param patienceMs how long to wait for one reply before saying it again
 * @param deadline epoch milliseconds after which it gives up with an error
 */
export const beCitizen = async (
  baseUrl: string,
  texts: readonly string[],
  { patienceMs, deadline }: { patienceMs: number; deadline: number },
): Promise<CitizenOutcome> => {
  const { sessionId, websocketUrl } = await persist(() => startSession(baseUrl), deadline);
  let socket: WebSocket | null = null;
  // A reply may come at any moment, also at once with a new connection, before anybody waits for it.
  const answered = new Set<string>();
  let onReply: () => void = () => undefined;
  let trackingNumber: string | null = null;
  let state: string | null = null;
  let connections = 0;

  const connect = async (): Promise<WebSocket> => {
    if (socket?.readyState === WebSocket.OPEN) return socket;
    const opened = new WebSocket(`${websocketUrl}?sessionId=${sessionId}`);
    opened.on('error', () => undefined);
    opened.on('message', (raw: Buffer) => {
      const frame = frameSchema.parse(JSON.parse(raw.toString('utf8')));
      if (frame.type === 'error') throw new Error('The server refused a message of the demo');
      if (frame.type !== 'message') return;
      trackingNumber = frame.data.trackingNumber ?? trackingNumber;
      state = frame.data.state ?? state;
      if (frame.data.inReplyTo !== undefined) answered.add(frame.data.inReplyTo);
      onReply();
    });
    // Listened to before it opens: the first frame may come together with the answer to the upgrade.
    await new Promise<void>((resolve, reject) => {
      opened.once('open', resolve);
      opened.once('error', reject);
    });
    connections += 1;
    socket = opened;
    return opened;
  };

  const sayOnce = async (said: Said): Promise<void> => {
    const connection = await persist(connect, deadline);
    if (answered.has(said.id)) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error('no reply in time')), patienceMs);
      const onClose = (): void => finish(new Error('connection lost'));
      const finish = (error?: Error): void => {
        clearTimeout(timer);
        onReply = () => undefined;
        connection.off('close', onClose);
        if (error) reject(error);
        else resolve();
      };
      connection.once('close', onClose);
      // The reply says which message it answers: a late reply to an earlier one is not mistaken for this one.
      onReply = () => {
        if (answered.has(said.id)) finish();
      };
      connection.send(JSON.stringify({ type: 'message', id: said.id, data: { message: said.text, sessionId } }));
    });
  };

  const said: Said[] = [];
  for (const text of texts) {
    const message = { id: randomUUID(), text };
    said.push(message);
    await persist(() => sayOnce(message), deadline);
  }
  (socket as WebSocket | null)?.close();
  return { sessionId, said, trackingNumber, state, reconnects: connections - 1 };
};
