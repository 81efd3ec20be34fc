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

const filesOf = async ({ sessionId, token }: Opened) =>
  (await (await answersOf(sessionId, token)).json()) as {
    readonly files: readonly { readonly evidenceId: string; readonly name: string }[];
  };

const sendFile = async ({ sessionId }: Opened, name: string): Promise<void> => {
  const bytes = Buffer.from(`%PDF-1.4\n${name}`);
  const media = [{ name, type: 'application/pdf', size: bytes.length, data: bytes.toString('base64') }];
  await fetch(`${server.url}/api/agent/message`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sessionId, message: 'Here it is', media }),
  });
};

const takeBack = async ({ sessionId }: Opened, token: string, evidenceId: string): Promise<number> => {
  const address = `${server.url}/api/agent/session/${sessionId}/evidence/${evidenceId}`;
  return (await fetch(address, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })).status;
};

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

  it('are without a file that was taken back, and have to be shown again', async () => {
    const session = await open();
    await say(session, 'The clinic in my town refused to treat my child without a bribe.');
    await sendFile(session, 'one.pdf');
    await sendFile(session, 'two.pdf');
    await say(session, 'submit');
    const [one] = (await filesOf(session)).files;
    expect(await takeBack(session, session.token, one?.evidenceId ?? '')).toBe(200);
    expect(await takeBack(session, session.token, one?.evidenceId ?? '')).toBe(200);
    expect(await filesOf(session)).toMatchObject({ ready: false, files: [{ name: 'two.pdf' }] });
  });

  it('keep their files for everybody else, and once they are filed', async () => {
    const [mine, other] = [await open(), await open()];
    await say(mine, 'The clinic in my town refused to treat my child without a bribe.');
    await sendFile(mine, 'one.pdf');
    const evidenceId = (await filesOf(mine)).files[0]?.evidenceId ?? '';
    expect(await takeBack(mine, other.token, evidenceId)).toBe(403);
    await say(mine, 'submit');
    await say(mine, 'yes');
    expect(await takeBack(mine, mine.token, evidenceId)).toBe(409);
    expect((await filesOf(mine)).files).toHaveLength(1);
  });

  it('are for the holder of the token alone', async () => {
    const [mine, other] = [await open(), await open()];
    expect((await answersOf(mine.sessionId, other.token)).status).toBe(403);
    expect((await fetch(`${server.url}/api/agent/session/${mine.sessionId}/answers`)).status).toBe(401);
  });
});
