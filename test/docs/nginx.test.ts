import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { freePort, repositoryRoot, startServerProcess, type ServerProcess } from '../../demo/server-process.js';
import { readEnvironment, readSnippets, siteFiles } from './support/snippets.js';

// The proxy and the settings that docs/nextjs.md recommends, with real TLS. Skipped where there is no Linux or no nginx.

const files = siteFiles(readSnippets(path.join(repositoryRoot(), 'docs', 'nextjs.md')), 'first');
const isThere = (program: string, argument: string): boolean => spawnSync(program, [argument]).status === 0;
const possible = process.platform === 'linux' && isThere('nginx', '-v') && isThere('openssl', 'version');

const folder = mkdtempSync(path.join(tmpdir(), 'citizen-nginx-'));
const at = (name: string): string => path.join(folder, name);
let server: ServerProcess;
let nginx: ChildProcess;
let port: number;

const configuration = (chat: string): string => `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${at('nginx.pid')};
error_log stderr warn;
events {}
http {
  access_log off;
  client_body_temp_path ${at('body')};
  proxy_temp_path ${at('proxy')};
  fastcgi_temp_path ${at('fastcgi')};
  uwsgi_temp_path ${at('uwsgi')};
  scgi_temp_path ${at('scgi')};
${chat}
}
`;

/** The snippet, with files and ports of this run. */
const adapted = (serverPort: number): string =>
  (files.get('nginx/chat.conf') ?? '')
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('127.0.0.1:3000', `127.0.0.1:${serverPort}`)
    .replace(/\/etc\/ssl\/chat\.example\.org\.(pem|key)/g, (_all, kind: string) => at(`cert.${kind}`));

const localAddress = '127.0.0.2';
const post = (headers: Record<string, string> = {}): Promise<{ readonly status: number; readonly body: unknown }> =>
  new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        host: '127.0.0.1',
        path: '/api/agent/session',
        method: 'POST',
        rejectUnauthorized: false,
        headers,
        localAddress,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }));
      },
    );
    sent.once('error', reject).end();
  });

/** Opens a socket as a page of that origin; gives its first frame, or the status of the refusal. */
const hello = (token: string, origin: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, ['leoma.chat.v1'], {
      origin,
      rejectUnauthorized: false,
    });
    socket.once('open', () => socket.send(JSON.stringify({ type: 'hello', data: { token } })));
    socket.once('message', (frame: Buffer) => {
      resolve(JSON.parse(frame.toString()));
      socket.close();
    });
    socket.once('unexpected-response', (_request, { statusCode }) => {
      resolve(statusCode);
      socket.terminate();
    });
    socket.once('error', reject);
  });

describe.skipIf(!possible)('Behind the nginx of docs/nextjs.md', () => {
  beforeAll(async () => {
    const serverPort = await freePort();
    port = await freePort();
    const { HOST: _host, PORT: _port, ...env } = readEnvironment(files.get('chat-server.env') ?? '');
    server = await startServerProcess(serverPort, at('data'), {
      ...env,
      // `loopback` would believe the citizens of this test as well, who come from 127.0.0.2.
      TRUST_PROXY: '127.0.0.1',
      SESSIONS_PER_IP_PER_MINUTE: '3',
    });
    const subject = ['-subj', '/CN=chat.example.org', '-keyout', at('cert.key'), '-out', at('cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject], {
      stdio: 'ignore',
    });
    for (const name of ['body', 'proxy']) mkdirSync(at(name));
    writeFileSync(at('nginx.conf'), configuration(adapted(serverPort)));
    nginx = spawn('nginx', ['-p', folder, '-c', at('nginx.conf'), '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const answers = async (): Promise<void> => expect((await post({ host: 'chat.example.org' })).status).toBe(201);
    await vi.waitFor(answers, { timeout: 60_000 });
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => nginx.once('exit', resolve));
    nginx.kill('SIGTERM');
    await ended;
    await server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  it('sockets are wss, and open for the pages that are listed', async () => {
    const { body } = await post({ host: 'chat.example.org' });
    expect(body).toMatchObject({ websocketUrl: 'wss://chat.example.org/ws' });
    const { token } = body as { readonly token: string };
    expect(await hello(token, 'https://www.example.org')).toMatchObject({ type: 'welcome' });
    expect(await hello(token, 'https://www.example.org.evil.example')).toBe(403);
    expect(await hello(token, 'http://localhost:3001')).toBe(403);
  });

  it('limits count the address that nginx saw, whatever the request claims', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await post({ 'x-forwarded-for': `203.0.113.${n}` })).status);
    expect(statuses).toContain(429);
  });
});
