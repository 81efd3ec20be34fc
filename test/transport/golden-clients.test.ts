import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTrackingNumber } from '../../src/commands/tracking-number.js';
import { openSession } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.drop());

type Frame = Record<string, unknown> & { type?: string; data?: Record<string, unknown> };

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** As it is documented: every frame of type `message` becomes a bubble of the assistant, made from three fields of `data`. */
const documentedClient = async () => {
  const { sessionId } = await openSession(server.url);
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}?sessionId=${sessionId}`);
  const frames: Frame[] = [];
  const bubbles: { text: unknown; trackingNumber: unknown; state: unknown }[] = [];
  socket.onmessage = (event) => {
    const frame = JSON.parse(event.data as string) as Frame;
    frames.push(frame);
    if (frame.type !== 'message') return;
    bubbles.push({
      text: frame.data?.['message'],
      trackingNumber: frame.data?.['trackingNumber'],
      state: frame.data?.['state'],
    });
  };
  await new Promise((resolve) => (socket.onopen = resolve));
  const send = async (message: string): Promise<void> => {
    const before = bubbles.length;
    socket.send(JSON.stringify({ type: 'message', data: { message, sessionId } }));
    await until(() => bubbles.length > before);
  };
  return { socket, frames, bubbles, send };
};

/** Time between two renders of the field client's page. */
const RENDER_MS = 100;

/**
 * The client in the field: flat frames, and a page that looks only at the newest frame after each render. A frame with a
 * top-level `delta`, `done` or `error` counts as a chunk of a stream, whatever its type says.
 */
const fieldClient = async () => {
  const session = await openSession(server.url);
  const socket = new WebSocket(`${session.websocketUrl}?sessionId=${session.sessionId}`);
  const bubbles: string[] = [];
  const errors: unknown[] = [];
  const completed: unknown[] = [];
  let newest: Frame | null = null;
  let rendered: Frame | null = null;
  socket.onmessage = (event) => (newest = JSON.parse(event.data as string) as Frame);
  const render = (): void => {
    if (newest === null || newest === rendered) return;
    rendered = newest;
    if ('delta' in newest || 'done' in newest || 'error' in newest) {
      errors.push(newest['error']);
    } else if (newest.type === 'message') {
      bubbles.push(String(newest.data?.['message']));
      if (newest.data?.['state'] === 'completed' && newest.data['trackingNumber'] !== undefined)
        completed.push(newest.data['trackingNumber']);
    }
  };
  const renders = setInterval(render, RENDER_MS);
  await new Promise((resolve) => (socket.onopen = resolve));
  const sendFrame = (frame: Record<string, unknown>): void => {
    socket.send(
      JSON.stringify({ sessionId: session.sessionId, userName: 'Somebody', userEmail: 's@example.org', ...frame }),
    );
  };
  return {
    bubbles,
    errors,
    completed,
    sendFrame,
    send: async (message: string): Promise<void> => {
      const before = bubbles.length;
      sendFrame({ message });
      await until(() => bubbles.length > before);
    },
    close: () => {
      clearInterval(renders);
      socket.close();
    },
  };
};

const description =
  'The police at the checkpoint on the Lumley road took fifty thousand Leones from me last week and gave me no receipt.';

describe('the documented client', () => {
  it('files a complaint and sees its number, and only what the assistant said', async () => {
    const client = await documentedClient();
    await client.send(description);
    await client.send('submit');
    await client.send('yes');
    const last = client.bubbles.at(-1);
    expect(last?.state).toBe('completed');
    expect(parseTrackingNumber(String(last?.trackingNumber))).toBe(last?.trackingNumber);
    expect(client.bubbles).toHaveLength(3);
    for (const { text } of client.bubbles) expect(text).not.toBe(description);
    client.socket.close();
  });

  it('gets only the four types of the profile, and typing before each answer', async () => {
    const client = await documentedClient();
    await client.send('Hello');
    const types = client.frames.map(({ type, data }) =>
      type === 'typing' ? `typing ${String(data?.['isTyping'])}` : type,
    );
    // An answer may be there so quickly that there was nothing to say about typing.
    expect(['typing true,typing false,message', 'message']).toContain(types.join(','));
    client.socket.close();
  });
});

describe('the client in the field', () => {
  it('sees every answer although it renders only the newest frame, and is told once that the complaint is filed', async () => {
    const client = await fieldClient();
    await client.send(description);
    await client.send('submit');
    await client.send('yes');
    expect(client.bubbles).toHaveLength(3);
    expect(client.completed).toHaveLength(1);
    expect(parseTrackingNumber(String(client.completed[0]))).toBe(client.completed[0]);
    expect(client.errors).toEqual([]);
    client.close();
  });

  it('sees both answers when it sends two messages at once', async () => {
    const client = await fieldClient();
    client.sendFrame({ message: 'Hello' });
    client.sendFrame({ message: description });
    await until(() => client.bubbles.length === 2);
    client.close();
  });

  it('shows the text of an error', async () => {
    const client = await fieldClient();
    client.sendFrame({ message: '' });
    await until(() => client.errors.length > 0);
    expect(client.errors).toEqual(['Please write something before you send.']);
    client.close();
  });

  it('sends a picture with an empty text', async () => {
    const client = await fieldClient();
    const { jpeg } = await import('../evidence/support/samples.js');
    const data = `data:image/jpeg;base64,${jpeg().toString('base64')}`;
    client.sendFrame({ message: '', media: [{ name: 'photo.jpg', type: 'image/jpeg', size: jpeg().length, data }] });
    await until(() => client.bubbles.length === 1 || client.errors.length > 0);
    expect(client.errors).toEqual([]);
    client.close();
  });
});
