import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { freePort, startServerProcess } from '../../demo/server-process.js';
import { connectClassic, openSession } from '../transport/support/classic-client.js';
import { connectV1 } from '../transport/support/v1-client.js';

it('The server works with --disable-proto=throw, also under frames that reach for prototypes (security row 9)', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'citizen-proto-'));
  const server = await startServerProcess(await freePort(), path.join(folder, 'data'), {
    NODE_OPTIONS: '--disable-proto=throw',
    ACCESS_KEY_SCRYPT_LOG2N: '12',
  });
  try {
    const session = await openSession(server.baseUrl);
    const client = await connectV1(server.baseUrl, session.token);
    client.send('{"type":"message","id":"p-1","__proto__":{"a":1},"data":{"message":"one","__proto__":{"b":2}}}');
    client.send('{"type":"__proto__","data":{"constructor":{"prototype":{"polluted":true}}}}');
    expect(await client.next('error')).toMatchObject({ data: { code: 'unsupported_type' } });
    const classic = await connectClassic(server.baseUrl, session.sessionId);
    classic.send('{"__proto__":{"polluted":1},"message":"two"}');
    expect((await classic.nextMessage()).data.message).not.toBe('');
    await Promise.all([classic.close(), client.close()]);
  } finally {
    expect(await server.kill('SIGTERM')).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
