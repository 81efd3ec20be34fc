import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { visit, type Visitor } from './support/browser.js';
import { story } from './support/citizen.js';
import { openStage } from './support/stage.js';

const stage = openStage();
let citizen: Visitor;
beforeAll(async () => {
  citizen = await visit(stage.browser, { viewport: { width: 1280, height: 800 } });
});

/** What has the focus: the words of a button or link, or the id of a box; and whether it can be seen. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return { name: '', isSeen: true };
    const { top, bottom, left, right, height, width } = element.getBoundingClientRect();
    const [x, y] = [left + Math.min(width / 2, 20), top + height / 2];
    const on = document.elementFromPoint(x, y);
    const isSeen =
      bottom > 0 && top < innerHeight && right > 0 && on !== null && (element.contains(on) || on.contains(element));
    const text = element.matches('input, textarea') ? element.id : element.textContent.trim();
    return { name: element.getAttribute('aria-label') ?? text, isSeen };
  });

/** Tab, until something has the focus; whatever has it on the way can be seen. */
const tabTo = async (page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
  const passed: string[] = [];
  while (passed.length < 60) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (now.name === name) return;
    passed.push(now.isSeen ? now.name : `${now.name} (hidden)`);
  }
  throw new Error(`Never came to "${name}": ${passed.join(' | ')}`);
};
const press = async (page: Page, name: string, key?: 'Tab' | 'Shift+Tab'): Promise<void> => {
  await tabTo(page, name, key);
  await page.keyboard.press('Enter');
};

const answers = (page: Page) => page.locator('.messages > .msg-agent');
const type = async (page: Page, text: string): Promise<void> => {
  const before = await answers(page).count();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await answers(page).nth(before).waitFor();
};

it('the whole way goes by keyboard: start, chat, file, check, change, confirm, track, case', async () => {
  const { page } = citizen;
  await page.goto(stage.server.url);
  await press(page, 'File a complaint');
  await page.locator('.connection-live').waitFor();
  await tabTo(page, 'message');
  await type(page, story);

  const chooser = page.waitForEvent('filechooser');
  await press(page, 'Add photo or file');
  const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(4000)}`);
  await (await chooser).setFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer });
  await page.getByText('Ready: goes with your next message').waitFor();
  await tabTo(page, 'message', 'Shift+Tab');
  await type(page, 'submit');

  await press(page, 'Check your answers', 'Shift+Tab');
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await expect.poll(() => focused(page)).toMatchObject({ name: 'Check your answers' });
  await press(page, 'Change: What happened');
  await expect.poll(() => focused(page)).toMatchObject({ name: 'rewrite', isSeen: true });
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' They asked twice.');
  await press(page, 'Use these words');
  await page.locator('dd').getByText('They asked twice.').waitFor();
  await press(page, 'Take back: letter.pdf');
  await page.getByText('letter.pdf is no longer part of your complaint.').waitFor();
  await page.getByRole('button', { name: 'Make it ready to file' }).waitFor();
  await press(page, 'Make it ready to file');
  await page.getByRole('button', { name: 'File my complaint' }).waitFor();
  await press(page, 'File my complaint');

  await page.getByRole('heading', { name: 'Your complaint is filed' }).waitFor();
  await expect.poll(() => focused(page)).toMatchObject({ name: 'Your complaint is filed', isSeen: true });
  const [number = '', key = ''] = (await page.locator('.groups').allInnerTexts()).map((text) =>
    text.replace(/\s/g, ''),
  );
  await press(page, 'I have saved it');
  await press(page, 'Check a complaint');
  await page.getByLabel('Your number').waitFor();
  await tabTo(page, 'trackingNumber');
  await page.keyboard.type(number);
  await tabTo(page, 'accessKey');
  await page.keyboard.type(key);
  await page.keyboard.press('Enter');
  await page.getByText('They asked twice.').first().waitFor();
  expect(citizen.complaints).toEqual([]);
});
