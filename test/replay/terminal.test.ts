import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileComplaint } from '../transport/support/file-complaint.js';
import { startTestServer, type TestServer } from '../transport/support/test-server.js';

const program = path.resolve(import.meta.dirname, '../../dist/cli/citizen.js');
/** `script` of util-linux gives a program a terminal of its own. */
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe.skipIf(!hasScript)('citizen replay in a real terminal', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.drop());

  it('draws, takes keys, and leaves the terminal as it was', async () => {
    const { trackingNumber } = await fileComplaint(server.url, 'The clinic refused to treat my child');
    const command = `stty rows 30 columns 110; exec "${process.execPath}" "${program}" replay ${trackingNumber}`;
    const env = { ...process.env, DATABASE_URL: server.databaseUrl, MASTER_KEY: server.masterKey, TERM: 'xterm' };
    const child = spawn('script', ['-qfec', command, '/dev/null'], { env: { ...env, DATA_DIR: server.dataDir } });
    let shown = '';
    child.stdout.on('data', (part: Buffer) => void (shown += part.toString('utf8')));
    const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
    try {
      await expect.poll(() => shown).toContain('[1 Citizen saw]');
      child.stdin.write('\u001b[C');
      await expect.poll(() => shown).toMatch(/#2 of \d+ {2}position/);
      child.stdin.write('\t');
      await expect.poll(() => shown).toContain('[2 Read models]');
      child.stdin.write('/CaseOpened\r3');
      await expect.poll(() => shown).toContain('trackingLookup');
      child.stdin.write('q');
      expect(await ended).toBe(0);
      expect(shown).toMatch(/\u001b\[\?1049h/);
      expect(shown.trimEnd().endsWith('\u001b[?7h\u001b[?25h\u001b[?1049l')).toBe(true);
      expect(shown).not.toContain('The clinic');
    } finally {
      child.kill('SIGKILL');
    }
  });
});
