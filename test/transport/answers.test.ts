import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.drop());

interface Opened {
  readonly sessionId: string;
  readonly token: string;
}

const open = async (): Promise<Opened> =>
  (await (await fetch(`${server.url}/api/agent/session`, { method: 'POST' })).json()) as Opened;

const say = async ({ sessionId }: Opened, message: string): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${server.url}/api/agent/message`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ sessionId, message }),
  });
};

const answersOf = (sessionId: string, token: string): Promise<Response> =>
  fetch(`${server.url}/api/agent/session/${sessionId}/answers`, { headers: { authorization: `Bearer ${token}` } });

describe('The answers of a conversation', () => {
  it('are what would be filed, and ready once they were shown', async () => {
    const session = await open();
    await say(session, 'The clinic in my town refused to treat my child without a bribe.');
    const before = await (await answersOf(session.sessionId, session.token)).json();
    expect(before).toMatchObject({ ready: false, files: [], identity: null });
    await say(session, 'submit');
    expect(await (await answersOf(session.sessionId, session.token)).json()).toMatchObject({
      ready: true,
      description: 'The clinic in my town refused to treat my child without a bribe.',
      institution: { en: 'Ministry of Health and Sanitation' },
    });
  });

  it('are for the holder of the token alone', async () => {
    const [mine, other] = [await open(), await open()];
    expect((await answersOf(mine.sessionId, other.token)).status).toBe(403);
    expect((await fetch(`${server.url}/api/agent/session/${mine.sessionId}/answers`)).status).toBe(401);
  });
});
