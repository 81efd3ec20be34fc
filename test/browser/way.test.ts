import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startServerProcess, type ServerProcess } from '../../demo/server-process.js';
import { freshDatabase } from '../support/database.js';
import { startBrowser, visit, type Visitor } from './support/browser.js';
import { confirm, openChat, say, story, write } from './support/citizen.js';
import { buildSite } from './support/site.js';

let browser: Browser;
let citizen: Visitor;
let server: ServerProcess;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let dataDir: string;
let port: number;

const startServer = async (): Promise<void> => {
  server = await startServerProcess(port, dataDir, { DATABASE_URL: database.url, ACCESS_KEY_SCRYPT_LOG2N: '10' });
};

beforeAll(async () => {
  buildSite();
  browser = await startBrowser();
  database = await freshDatabase();
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'citizen-browser-'));
  port = await freePort();
  await startServer();
  citizen = await visit(browser);
});
afterAll(async () => {
  await browser.close();
  await server.kill('SIGTERM');
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

/** A photo of a phone: a picture of 3000 by 2000 pixels, drawn in the page, with noise so that it has some weight. */
const takePhoto = async (): Promise<Buffer> => {
  const base64 = await citizen.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(3000, 2000);
    const drawing = canvas.getContext('2d');
    for (let at = 0; at < 4000; at += 1) {
      if (drawing !== null) drawing.fillStyle = `hsl(${(at * 47) % 360} 60% 50%)`;
      drawing?.fillRect((at * 97) % 3000, (at * 61) % 2000, 60, 40);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.98 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  });
  return Buffer.from(base64, 'base64');
};

it('a citizen files with a photo, loses network and server, comes back, gets the answer, and tracks', async () => {
  const { page, context } = citizen;
  await openChat(page, server.baseUrl);
  await say(page, story);

  const photo = await takePhoto();
  await page.locator('input[type=file]').setInputFiles({ name: 'ward.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.getByText('Ready: goes with your next message').waitFor();
  await say(page, 'This is the ward.');
  await page.getByText('Files: ward.jpg').waitFor();

  // The network goes; what is written waits in plain sight.
  await context.setOffline(true);
  await server.kill('SIGKILL');
  await page.locator('.connection-backoff').waitFor();
  await write(page, 'submit');
  const last = page.locator('.messages > .msg-citizen').last();
  await last.getByText('Waiting').waitFor();

  // A reload in the dead spot loses nothing: the page is there again when the network is.
  await context.setOffline(false);
  await startServer();
  await page.reload();
  await last.getByText('Received', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Check your answers' }).waitFor();
  expect(await page.getByText('submit', { exact: true }).count()).toBe(1);

  const { number, key } = await confirm(page);
  expect(number).toMatch(/^OMB(-[0-9A-Z]{4}){3}$/);
  expect(key).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);

  await page.goto(`${server.baseUrl}/track/`);
  await page.getByLabel('Your number').fill(number.toLowerCase().replaceAll('-', ' '));
  await page.getByRole('button', { name: 'Show how it stands' }).click();
  await page.getByText('Received', { exact: true }).waitFor();
  expect(await page.getByText('clinic').count()).toBe(0);
  await page.getByLabel('Access key').fill(key);
  await page.getByRole('button', { name: 'Read your complaint' }).click();
  await page.getByText(story).first().waitFor();
  expect(await page.getByText('ward.jpg').count()).toBeGreaterThan(0);
  expect(page.url()).not.toContain(number);
});

it('and nothing of it has left the machine or broken the policy', () => {
  expect(citizen.foreign).toEqual([]);
  expect(citizen.complaints).toEqual([]);
});

it('the number can be reached again in the same tab', async () => {
  const { page } = citizen;
  await openChat(page, server.baseUrl);
  await page.getByRole('button', { name: 'Show number and next steps' }).click();
  await page.getByRole('button', { name: 'I have saved it' }).click();
  await page.getByText('You can come back to this page').waitFor();
});
