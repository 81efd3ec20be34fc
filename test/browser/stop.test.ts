import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startServerProcess, type ServerProcess } from '../../demo/server-process.js';
import { freshDatabase } from '../support/database.js';
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model.js';
import { startBrowser, visit, type Visitor } from './support/browser.js';
import { openChat, story, write } from './support/citizen.js';
import { buildSite } from './support/site.js';

let browser: Browser;
let citizen: Visitor;
let model: ScriptedModel;
let server: ServerProcess;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let dataDir: string;
let port: number;

const startServer = async (): Promise<void> => {
  server = await startServerProcess(port, dataDir, {
    DATABASE_URL: database.url,
    OPENAI_API_KEY: 'test',
    OPENAI_BASE_URL: model.url,
    TURN_LEASE_MS: '1000',
  });
};

beforeAll(async () => {
  buildSite();
  browser = await startBrowser();
  model = await startScriptedModel(() => ({ text: 'I have read what you wrote. Now I', fault: 'stall' }));
  database = await freshDatabase();
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'citizen-browser-'));
  port = await freePort();
  await startServer();
  citizen = await visit(browser);
});
afterAll(async () => {
  await browser.close();
  await server.kill('SIGTERM');
  await model.close();
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

it('the half answer of a server that was killed cannot be stopped, and gives way to the whole one', async () => {
  const { page } = citizen;
  const stop = page.getByRole('button', { name: 'Stop this answer' });
  await openChat(page, server.baseUrl);
  await write(page, story);
  await page.locator('.streaming').getByText('I have read what you wrote.').waitFor();
  await stop.waitFor();
  await server.kill('SIGKILL');
  await page.locator('.connection-backoff').waitFor();
  expect(await stop.count()).toBe(0);

  model.use(() => ({ text: 'All of it is read.' }));
  await startServer();
  await page.locator('.connection-live').waitFor();
  await page.locator('.messages > .msg-agent').first().waitFor();
  await expect.poll(() => page.locator('.streaming').count()).toBe(0);
  expect(await stop.count()).toBe(0);
});
