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

  it('takes a file back before filing', async () => {
    const { page, complaints, close } = await visit(stage.browser, { javaScriptEnabled: false });
    await page.goto(`${stage.server.url}/lite/chat`);
    await page.getByLabel('Write your message').fill(story);
    const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(4000)}`);
    await page.locator('#file').setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('link', { name: 'Look at your files' }).click();
    await page.getByRole('button', { name: 'Take back letter.pdf' }).click();
    await page.getByRole('status').getByText('The file is taken back.').waitFor();
    expect(await page.getByText('letter.pdf').count()).toBe(0);
    await page.getByRole('link', { name: 'Back to the chat' }).click();
    await page.getByLabel('Write your message').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  it('tells beside the field what is missing, and puts the focus there', async () => {
    const { page, complaints, close } = await visit(stage.browser, { javaScriptEnabled: false });
    for (const [address, button, field] of [
      ['/lite/chat', 'Send', 'Write your message'],
      ['/lite/track', 'Show how it stands', 'Your number'],
    ] as const) {
      await page.goto(stage.server.url + address);
      await page.getByRole('button', { name: button }).click();
      const box = page.getByLabel(field);
      await expect.poll(() => box.evaluate((element) => element === document.activeElement)).toBe(true);
      const told = (await box.getAttribute('aria-describedby')) ?? 'nothing';
      expect(await page.locator(`#${told}`).innerText()).toMatch(/^Please (write something|enter your number)/);
    }
    expect(complaints).toEqual([]);
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
    await page.getByText('The number is too short').waitFor();
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

  it('says beside the box that it is empty, until something is sent', async () => {
    const { page, close } = await visit(stage.browser);
    await page.goto(`${stage.server.url}/lite/chat?lang=kri`);
    const box = page.locator('#message');
    await page.locator('#end').click();
    await page.getByText('Duya rayt sɔntin bifo yu sɛn am.').waitFor();
    expect(await box.getAttribute('aria-describedby')).toBe('message-wrong');
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
    await box.fill(story);
    await page.locator('#end').click();
    await page.locator('#log li:not(.own)').first().waitFor();
    expect(await page.locator('.wrong').count()).toBe(0);
    await close();
  });

  it('shows the way to the files as soon as one was sent', async () => {
    const { page, close } = await visit(stage.browser);
    await page.goto(`${stage.server.url}/lite/chat`);
    await page.getByLabel('Write your message').fill(story);
    const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(4000)}`);
    await page.locator('#file').setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer });
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#log li:not(.own)').first().waitFor();
    await page.getByRole('link', { name: 'Look at your files' }).click();
    await page.getByRole('button', { name: 'Take back letter.pdf' }).waitFor();
    await close();
  });

  it('sends a file that was written with while there was no connection when it is back', async () => {
    const { context, page, close } = await visit(stage.browser);
    await page.goto(`${stage.server.url}/lite/chat`);
    await page.locator('#message').fill(story);
    await page.locator('#end').click();
    await page.locator('#log li:not(.own)').first().waitFor();
    await context.setOffline(true);
    await page.getByText('No connection.').waitFor();
    const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(400_000)}`);
    await page.locator('#file').setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer });
    await page.locator('#message').fill('This is the letter.');
    await page.locator('#end').click();
    const own = page.locator('#log .own').nth(1);
    await own.getByText('Waiting').waitFor();
    await context.setOffline(false);
    await own.getByText('Received').waitFor();
    await close();
  });

  it('puts what could not go back into the box, before what was written since', async () => {
    const { page, close } = await visit(stage.browser);
    await page.goto(`${stage.server.url}/lite/chat`);
    const long = 'The nurse asked for money. '.repeat(400);
    await page.locator('#message').fill(long);
    await page.locator('#end').click();
    await page.locator('#message').fill('And then she left.');
    await page.getByRole('button', { name: 'Put it back in the box' }).click();
    expect(await page.locator('#message').inputValue()).toBe(`${long}\nAnd then she left.`);
    expect(await page.locator('#log .own').count()).toBe(0);
    await page.reload();
    await expect.poll(() => page.locator('#message').inputValue()).toBe(`${long}\nAnd then she left.`);
    await close();
  });

  it('does without the script where cookies are blocked, and says so', async () => {
    const { context, page, close } = await visit(stage.browser);
    await page.addInitScript(() => Object.defineProperty(navigator, 'cookieEnabled', { get: () => false }));
    await page.goto(`${stage.server.url}/lite/chat`);
    await page.getByLabel('Write your message').fill(story);
    await context.clearCookies();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('your browser did not keep the cookie').waitFor();
    expect(await page.getByLabel('Write your message').inputValue()).toBe(story);
    await close();
  });

  it.each(['', '?lang=kri'])(
    'loads at most 20 KB with everything, a photo on its way included: /lite/chat%s',
    async (query) => {
      const { page, close } = await visit(stage.browser);
      const { weigh, total } = weighed();
      page.on('response', weigh);
      await page.goto(`${stage.server.url}/lite/chat${query}`);
      await page.locator('#message').fill(story);
      await page.locator('#end').click();
      await page.locator('#log li:not(.own)').first().waitFor();
      const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(40_000)}`);
      await page.locator('#file').setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer });
      await page.locator('#end').click();
      await page.getByText('a.pdf').waitFor();
      expect(await total(/./)).toBeLessThanOrEqual(20_000);
      await close();
    },
  );
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
