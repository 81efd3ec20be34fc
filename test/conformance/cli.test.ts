import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startTinyServer, type Fault } from './support/tiny-server.js';

// The built program (`dist/`, which `npm test` builds first).
const program = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../dist/conformance/cli.js');

const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });

const against = async (fault: Fault | null, ...args: string[]) => {
  const server = await startTinyServer(fault);
  const result = await run(server.url.replace('http', 'ws'), ...args);
  await server.close();
  return result;
};

describe('citizen-conformance', () => {
  it('ends with 0 and says so when no case failed', async () => {
    const { code, stdout } = await against(null, '--only', 'C02,V20');
    expect(stdout).toContain('The server conforms: 2 passed, 0 failed, 0 skipped.');
    expect(code).toBe(0);
  });

  it('ends with 1 and quotes the rule when a case failed', async () => {
    const { code, stdout } = await against('acks-another-position', '--only', 'V20');
    expect(stdout).toMatch(/FAIL {2}V20 .*\n.*The position in the ack is .*\n.*PROTOCOL\.md 5\.5: `ack` comes after/);
    expect(code).toBe(1);
  });

  it('prints one JSON document with --json', async () => {
    const { stdout } = await against('echoes', '--only', 'C31', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ passed: 0, failed: 1, cases: [{ id: 'C31', outcome: 'failed' }] });
  });

  it('ends with 2 when it cannot run: nobody there, or arguments that mean nothing', async () => {
    const nobody = await run('ws://127.0.0.1:9', '--only', 'C02');
    expect(nobody).toMatchObject({ code: 2, stdout: '' });
    expect(nobody.stderr).toContain('Nothing answers');
    expect((await run('--profile', 'v7')).code).toBe(2);
  });

  it('lists its cases, and explains itself', async () => {
    expect((await run('--list')).stdout.trim().split('\n').length).toBeGreaterThanOrEqual(40);
    expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--profile') as unknown });
  });
});
