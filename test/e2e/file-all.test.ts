import { describe, expect, it } from 'vitest';
import { fileAll } from '../../demo/file-all.js';

// The same as `npm run demo:file-all`: a real server process, its own PostgreSQL, real sockets, a real kill -9.
describe('Every statement is filed by a citizen of its own, 60 at a time, and the server is killed half-way', () => {
  it('all end completed with a number that is Received in public, and the log holds each message once', async () => {
    const report = await fileAll({ atOnce: 60, kill: true, onProgress: () => undefined });
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ citizens: 607, completed: 607, received: 607, kills: 1, chainIntact: true });
  }, 600_000);
});
