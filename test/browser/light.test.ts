import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { visit } from './support/browser.js';
import { openChat, story } from './support/citizen.js';
import { openStage } from './support/stage.js';

const stage = openStage();

/** Bytes of what a page loads, gzipped at the usual level whatever the server chose, by kind. */
const weighed = () => {
  const bodies: { readonly kind: string; readonly bytes: Promise<number> }[] = [];
  const weigh = (response: Response): void => {
    const kind = response.request().resourceType();
    const bytes = response.body().then(
      (body) => gzipSync(body).length,
      () => 0,
    );
    bodies.push({ kind, bytes });
  };
  const total = async (kinds: RegExp): Promise<number> => {
    const chosen = bodies.filter(({ kind }) => kinds.test(kind));
    return (await Promise.all(chosen.map(({ bytes }) => bytes))).reduce((sum, bytes) => sum + bytes, 0);
  };
  return { weigh, total };
};

const remove = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Remove this chat' }).click();
  await page.getByRole('button', { name: 'Yes, remove it' }).click();
  await page.getByText('The chat is removed from this phone.').waitFor();
};

describe('/lite with scripts off', () => {
  it('files and tracks a complaint', async () => {
    const { page, foreign, complaints, close } = await visit(stage.browser, { javaScriptEnabled: false });
    await page.goto(`${stage.server.url}/lite/`);
    await page.getByRole('main').getByRole('link', { name: 'File a complaint' }).click();
    for (const text of [story, 'submit', 'yes']) {
      await page.getByLabel('Write your message').fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
    }
    const [number = '', key = ''] = await page.locator('.ticket b').allInnerTexts();
    await page.getByRole('link', { name: 'Check a complaint' }).click();
    await page.getByLabel('Your number').fill(number);
    await page.getByLabel('Access key').fill(key);
    await page.getByRole('button', { name: 'Show how it stands' }).click();
    await page.getByText('Received', { exact: true }).first().waitFor();
    expect(await page.getByText(story).count()).toBeGreaterThan(0);
    expect(page.url()).toBe(`${stage.server.url}/lite/track`);
    expect([foreign, complaints]).toEqual([[], []]);
    await close();
  });

  it('is where the full pages lead to', async () => {
    const { page, close } = await visit(stage.browser, { javaScriptEnabled: false });
    await page.goto(`${stage.server.url}/chat/`);
    await page.getByRole('main').getByRole('link', { name: 'Light page for slow connections' }).click();
    await page.getByLabel('Write your message').waitFor();
    await page.goto(`${stage.server.url}/track/`);
    await page.getByLabel('Your number').fill('OMB-0000');
    await page.getByRole('button', { name: 'Show how it stands' }).click();
    await page.getByText('There is a problem').waitFor();
    await close();
  });
});

describe('/lite with a script', () => {
  it('becomes a live chat in the same conversation', async () => {
    const { page, foreign, complaints, close } = await visit(stage.browser);
    await page.goto(`${stage.server.url}/lite/chat`);
    await page.getByLabel('Write your message').fill(story);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Connected').waitFor();
    await page.locator('#log li:not(.own)').first().waitFor();
    await page.reload();
    await page.getByText('Connected').waitFor();
    expect(await page.getByText(story).count()).toBe(1);
    expect([foreign, complaints]).toEqual([[], []]);
    await close();
  });

  it('shows number and key as soon as the complaint is filed', async () => {
    const { page, close } = await visit(stage.browser);
    await page.goto(`${stage.server.url}/lite/chat`);
    for (const text of [story, 'submit', 'yes']) {
      const before = await page.locator('#log li:not(.own)').count();
      await page.getByLabel('Write your message').fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('#log li:not(.own)').nth(before).waitFor();
    }
    await page.locator('.ticket').waitFor();
    const [number = '', key = ''] = await page.locator('.ticket b').allInnerTexts();
    expect(number).toMatch(/^OMB(-[0-9A-Z]{4}){3}$/);
    expect(key).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    await close();
  });

  it('forgets the chat when it is removed, also before the page was ever loaded again', async () => {
    const { page, close } = await visit(stage.browser);
    for (const reloads of [0, 1]) {
      await page.goto(`${stage.server.url}/lite/chat`);
      expect(await page.getByRole('link', { name: 'Remove this chat' }).count()).toBe(0);
      await page.getByLabel('Write your message').fill(story);
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('#log li:not(.own)').first().waitFor();
      for (let n = 0; n < reloads; n += 1) await page.reload();
      await remove(page);
      await expect.poll(() => page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
      await page.goto(`${stage.server.url}/lite/chat`);
      await page.getByLabel('Write your message').fill('hello');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('#log li:not(.own)').first().waitFor();
      expect(await page.getByText(story).count()).toBe(0);
      await remove(page);
    }
    await close();
  });

  it('loads at most 20 KB with everything, a photo on its way included', async () => {
    const { page, close } = await visit(stage.browser);
    const { weigh, total } = weighed();
    page.on('response', weigh);
    await page.goto(`${stage.server.url}/lite/chat`);
    await page.getByLabel('Write your message').fill(story);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#log li:not(.own)').first().waitFor();
    const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(40_000)}`);
    await page.locator('#file').setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('a.pdf').waitFor();
    expect(await total(/./)).toBeLessThanOrEqual(20_000);
    await close();
  });
});

describe('The full pages', () => {
  it('the chat loads at most 150 KB of script', async () => {
    const { page, close } = await visit(stage.browser);
    const { weigh, total } = weighed();
    page.on('response', weigh);
    await openChat(page, stage.server.url);
    expect(await total(/script/)).toBeLessThanOrEqual(150_000);
    await close();
  });

  it.each(['/', '/data/', '/exit/', '/kri/'])('%s, with everything, at most 15 KB', async (path) => {
    const { page, close } = await visit(stage.browser);
    const { weigh, total } = weighed();
    page.on('response', weigh);
    await page.goto(stage.server.url + path, { waitUntil: 'networkidle' });
    expect(await total(/./)).toBeLessThanOrEqual(15_000);
    await close();
  });
});
