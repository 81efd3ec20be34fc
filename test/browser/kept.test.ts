import pg from 'pg';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openChat, say, story, write } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage, ({ page }) => openChat(page, stage.server.url));

const READY = 'Ready: goes with your next message';
const ONE = '**/api/uploads/*';
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const kept = (page: Page) => page.evaluate(() => sessionStorage.getItem('citizen-files'));
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent.slice(0, 60));

const choose = async (page: Page, name = 'letter.pdf'): Promise<void> => {
  const buffer = Buffer.from(`%PDF-1.4\n${name}${'x'.repeat(4000)}`);
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/pdf', buffer });
};

/** In the tray, uploaded, and noted in the tab. */
const chooseReady = async (page: Page, name = 'letter.pdf'): Promise<void> => {
  await choose(page, name);
  await page.locator('.file', { hasText: name }).getByText(READY).waitFor();
  await expect.poll(() => kept(page)).toContain(name);
};

const reload = async (page: Page): Promise<void> => {
  await page.reload();
  await page.locator('.connection-live').waitFor();
};

describe('A file that is ready', () => {
  it('is still there after a reload, of which nobody warns, and goes with the next message', async () => {
    const { page } = citizen;
    let warnings = 0;
    page.on('dialog', (dialog) => {
      warnings += 1;
      void dialog.accept();
    });
    await chooseReady(page);
    await page.locator('#message').fill('Here is the letter.');
    await reload(page);
    await page.getByText(READY).waitFor();
    await reload(page);
    await page.getByText(READY).waitFor();
    expect([await page.locator('#message').inputValue(), warnings]).toEqual(['Here is the letter.', 0]);
    await button(page, 'Send').click();
    await page.getByText('Files: letter.pdf').waitFor();
    await page.locator('.fate-received').waitFor();
    expect(await kept(page)).toBeNull();
    await reload(page);
    await page.getByText('Files: letter.pdf').waitFor();
    expect(await page.locator('.tray').count()).toBe(0);
  });

  it('goes with a message that is sent without a connection after the reload', async () => {
    const { page } = citizen;
    await chooseReady(page);
    await reload(page);
    await page.getByText(READY).waitFor();
    await citizen.context.setOffline(true);
    await write(page, 'Sent in a dead spot.');
    await page.getByText('Files: letter.pdf').waitFor();
    await citizen.context.setOffline(false);
    await page.locator('.fate-received').waitFor();
    await page.getByText('Files: letter.pdf').waitFor();
  });

  it('goes by itself when Send was pressed after the reload, before the office was asked about it', async () => {
    const { page } = citizen;
    await chooseReady(page);
    await page.route(ONE, () => undefined); // the network hangs
    await reload(page);
    await page.locator('.tray').getByText('letter.pdf').waitFor();
    await write(page, 'The text goes first.');
    await page.getByText('Goes by itself when it is ready').waitFor();
    await page.unroute(ONE);
    await reload(page);
    await page.getByText('Files: letter.pdf').waitFor();
    await expect.poll(() => page.locator('.fate-received').count()).toBe(2);
  });

  it('that the office does not keep any more says so, and keeps no message from going', async () => {
    const { page } = citizen;
    await chooseReady(page);
    const database = new pg.Client(stage.server.databaseUrl);
    await database.connect();
    await database.query('DELETE FROM citizen.uploads');
    await database.end();
    await reload(page);
    await page.getByText('The office does not keep this file any more').waitFor();
    await say(page, story);
    expect(await page.locator('.fate-failed').count()).toBe(0);
    await say(page, 'submit');
    await button(page, 'Check your answers').click();
    await page.locator('.tray').getByText('letter.pdf').waitFor();
    expect(await button(page, 'Send these files').count()).toBe(0);
    await button(page, 'Remove: letter.pdf').click();
    await page.locator('.tray').waitFor({ state: 'detached' });
    await expect.poll(() => kept(page)).toBeNull();
  });

  it('about which the office cannot be asked yet waits for the connection', async () => {
    const { page } = citizen;
    await chooseReady(page);
    await page.route(ONE, (route) => route.abort());
    await reload(page);
    await page.getByText('The office has it already. It is ready when the connection is back').waitFor();
    await page.unroute(ONE);
    await button(page, 'Try again: letter.pdf').click();
    await page.getByText(READY).waitFor();
  });

  it('is forgotten when it is removed', async () => {
    const { page } = citizen;
    await chooseReady(page);
    await chooseReady(page, 'second.pdf');
    await button(page, 'Remove: letter.pdf').click();
    await expect.poll(() => kept(page)).not.toContain('letter.pdf');
    await reload(page);
    await page.locator('.tray').getByText('second.pdf').waitFor();
    expect(await page.getByText('letter.pdf').count()).toBe(0);
  });

  it('is forgotten with the chat', async () => {
    const { page } = citizen;
    await chooseReady(page);
    await button(page, 'Remove this chat from this phone').click();
    await button(page, 'Yes, remove it').click();
    await page.getByText('The chat is removed from this phone.').waitFor();
    expect(await kept(page)).toBeNull();
  });

  it('is forgotten by who exits', async () => {
    const { page } = citizen;
    await page
      .locator('.exit')
      .first()
      .evaluate((link) => link.setAttribute('href', '/missing/'));
    await chooseReady(page);
    await page.locator('.exit').first().click();
    await page.waitForURL('**/missing/');
    expect(await kept(page)).toBeNull();
  });
});

it('the browser warns of a file that is still going up', async () => {
  const { page } = citizen;
  await page.route('**/api/uploads', () => undefined); // the network hangs
  await choose(page);
  await page.getByText('per cent of').waitFor();
  await page.locator('#message').click();
  const warned = page.waitForEvent('dialog');
  const loaded = page.reload();
  await (await warned).accept();
  await loaded;
  await page.unroute('**/api/uploads');
});

it('Send with nothing written says what to do, in the box', async () => {
  const { page } = citizen;
  const words = 'Write your message first, or add a photo or file.';
  await button(page, 'Send').click();
  await page.getByRole('alert').getByText(words).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('message');
  await page.keyboard.type('H');
  expect(await page.getByText(words).count()).toBe(0);
});

describe('The focus', () => {
  it('goes on from a file that leaves the list by itself', async () => {
    const { page } = citizen;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/uploads', async (route) => {
      await held;
      await route.continue();
    });
    await choose(page);
    await page.getByText('per cent of').waitFor();
    await write(page, 'It follows.');
    await page.getByText('Goes by itself when it is ready').waitFor();
    await button(page, 'Remove: letter.pdf').focus();
    release();
    await page.getByText('Files: letter.pdf').waitFor();
    await expect.poll(() => focused(page)).toBe('Add photo or file');
  });

  it('goes from "Pause" to "Remove" when the file is ready', async () => {
    const { page } = citizen;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/uploads', async (route) => {
      await held;
      await route.continue();
    });
    await choose(page);
    await button(page, 'Pause: letter.pdf').focus();
    release();
    await page.getByText(READY).waitFor();
    expect(await focused(page)).toBe('Remove');
  });

  /** On the check page, with a file that is chosen and not sent. */
  const toCheck = async (page: Page): Promise<void> => {
    await say(page, story);
    await say(page, 'submit');
    await chooseReady(page, 'late.pdf');
    await button(page, 'Check your answers').click();
    await page.locator('.tray').getByText('late.pdf').waitFor();
  };

  it('stays on the check page when the last unsent file is removed there, and what happened is said', async () => {
    const { page } = citizen;
    await toCheck(page);
    await button(page, 'Remove: late.pdf').click();
    await page.locator('.tray').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('late.pdf is not in the list any more.');
  });

  it('stays on the check page when the files are sent there, and what happens is said', async () => {
    const { page } = citizen;
    await toCheck(page);
    await button(page, 'Send these files').click();
    await page.locator('.tray').waitFor({ state: 'detached' });
    expect(await focused(page)).toMatch(/^Your files are on their way/);
  });

  it('stays on the check page when words that were begun are thrown away, and that is said', async () => {
    const { page } = citizen;
    await say(page, story);
    await say(page, 'submit');
    await button(page, 'Check your answers').click();
    await button(page, 'Change: What happened').click();
    await page.getByLabel('What happened, in your words').fill('Other words.');
    await page.reload();
    await button(page, 'Throw it away').click();
    expect(await focused(page)).toMatch(/^Thrown away/);
  });
});

it('a file in the conversation leads to where it can be taken back, until the complaint is filed', async () => {
  const { page } = citizen;
  await say(page, story);
  await chooseReady(page);
  await say(page, 'The letter.');
  await button(page, 'See or take back files').click();
  await button(page, 'Take back: letter.pdf').waitFor();
  await button(page, 'Back to the conversation').click();
  await say(page, 'submit');
  await button(page, 'Check your answers').click();
  await button(page, 'File my complaint').click();
  await page.getByRole('heading', { name: 'Your complaint is filed' }).waitFor();
  await button(page, 'Back to the conversation').click();
  await page.getByText('Files: letter.pdf').waitFor();
  expect(await button(page, 'See or take back files').count()).toBe(0);
});
