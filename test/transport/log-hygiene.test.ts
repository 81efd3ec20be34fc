import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdf } from '../evidence/support/samples.js';
import { connectClassic, openSession, upgradeStatus } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';

// Security rows 2 and 23: whatever a citizen sends, none of it stands in a log, at the most talkative level.

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ LOG_LEVEL: 'trace', DEBUG: '*' });
});
afterAll(() => server.drop());

const canaries = {
  text: 'canary-of-the-text',
  name: 'Canary Kamara',
  email: 'canary@example.org',
  file: 'canary-file.pdf',
  content: 'canary-of-the-content',
  injected: 'canary-injected',
};

describe('the log', () => {
  it('holds nothing that a citizen sent, no session, no token, no number, and one JSON object per line', async () => {
    const { sessionId, token } = await openSession(server.url);
    const client = await connectClassic(server.url, sessionId, { headers: { 'User-Agent': canaries.injected } });
    const bytes = Buffer.concat([pdf(), Buffer.from(canaries.content)]);
    const media = [
      { name: canaries.file, type: 'application/pdf', size: bytes.length, data: bytes.toString('base64') },
    ];
    client.send({
      message: `${canaries.text}\r\n{"level":"error","msg":"${canaries.injected}"}`,
      media,
      userEmail: canaries.email,
    });
    await client.nextMessage();
    await client.say('submit');
    const { trackingNumber = '' } = (await client.say('yes')).data;
    client.send(`{"message": ${canaries.text}`);
    await client.nextError();
    client.send({ message: 'x', media: [{ name: canaries.file, type: 'text/html', data: 'PGI+' }] });
    await client.nextError();
    await client.close();
    await fetch(`${server.url}/api/agent/session/${sessionId}/status`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    await fetch(`${server.url}/api/track/${trackingNumber}`, { headers: { 'X-Access-Key': 'CANA-RYCA-NARY-CANA' } });
    await fetch(`${server.url}/api/agent/message`, { method: 'POST', body: canaries.text });
    await fetch(`${server.url}/${canaries.text}?sessionId=${sessionId}`);
    await upgradeStatus(`${server.url}/?sessionId=${sessionId}`, { origin: `https://${canaries.injected}` });

    expect(trackingNumber).toMatch(/^OMB-/);
    const secrets = [...Object.values(canaries), sessionId, token, trackingNumber, 'CANA-RYCA', 'land office'];
    expect(server.logLines.some((line) => line.includes('websocket:connection'))).toBe(true);
    expect(server.logLines.some((line) => line.includes('/api/track/:trackingNumber'))).toBe(true);
    for (const line of server.logLines) {
      for (const secret of secrets) expect(line).not.toContain(secret);
      expect(line.trimEnd()).not.toContain('\n');
      expect(JSON.parse(line)).toBeTypeOf('object');
    }
  });
});
