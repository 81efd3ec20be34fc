import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort, repositoryRoot } from '../../demo/server-process.js';
import { startTestServer, type TestServer } from '../transport/support/test-server.js';
import { startBrowser, visit } from './support/browser.js';
import { fileComplaint, story } from './support/citizen.js';

// The web application as a Next server of its own in front of the chat server, built and started as docs/web.md says.

let browser: Browser;
let server: TestServer;
let next: ChildProcess;
let address: string;

const run = (script: string, env: Readonly<Record<string, string>>): ChildProcess =>
  spawn('npm', ['run', '--silent', script], {
    cwd: repositoryRoot(),
    env: { ...process.env, ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });

beforeAll(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  server = await startTestServer({ RATE_LIMITS: 'off', ALLOWED_ORIGINS: address });
  const env = {
    BACKEND_URL: server.url,
    NEXT_PUBLIC_WS_URL: server.url.replace('http', 'ws'),
    WEB_PORT: String(port),
    WEB_HOST: '127.0.0.1',
  };
  expect(await once(run('build:web-server', env), 'exit')).toEqual([0, null]);
  next = run('start:web-server', env);
  await vi.waitFor(() => fetch(address), { timeout: 60_000, interval: 100 });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  // The whole group: npm starts a shell, which starts Next.
  if (next.pid !== undefined) process.kill(-next.pid, 'SIGKILL');
  await server.drop();
});

describe('The Next server', () => {
  it('carries the whole way from the first word to the number, and the number looks the complaint up', async () => {
    const { page, foreign, complaints, close } = await visit(browser);
    await page.goto(`${address}/chat/`);
    await page.locator('.connection-live').waitFor();
    const { number, key } = await fileComplaint(page);
    await page.goto(`${address}/track/`);
    await page.getByLabel('Your number').fill(number);
    await page.getByLabel('Access key').fill(key);
    await page.getByRole('button', { name: 'Show how it stands' }).click();
    await page.getByText(story).first().waitFor();
    expect({ foreign, complaints }).toEqual({ foreign: [], complaints: [] });
    await close();
  });

  it('hands out sessions at once, without a redirect', async () => {
    const answer = await fetch(`${address}/api/agent/session`, { method: 'POST', redirect: 'manual' });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 201,
      body: { sessionId: expect.any(String) as unknown },
    });
  });

  it('gives no session to a page of another site', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    const answer = await fetch(`${address}/api/agent/session`, { method: 'POST', headers });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 403,
      body: { code: 'origin_rejected' },
    });
  });

  it('gives each page a policy with a nonce of its own', async () => {
    const policies = await Promise.all(
      [1, 2].map(async () => (await fetch(`${address}/chat/`)).headers.get('content-security-policy')),
    );
    expect(policies[0]).toMatch(/script-src 'self' 'nonce-[^']+';/);
    expect(policies[0]).not.toBe(policies[1]);
  });

  it.each([
    ['/no/such/page', 'This page is not here'],
    ['/kri/no/such/page', 'Dis pej nɔ de ya'],
  ])('says in its language that an address is not there: %s', async (path, heading) => {
    const { page, complaints, close } = await visit(browser);
    const answer = await page.goto(address + path);
    expect(answer?.status()).toBe(404);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});
