import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { confirm, openChat, say, story } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage);

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const words = (page: Page) => page.getByLabel('What happened, in your words');
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '');

/** At the check of the answers, with more said before it if wished. */
const toCheck = async (page: Page, ...said: readonly string[]): Promise<void> => {
  await openChat(page, stage.server.url);
  for (const text of [story, ...said, 'submit']) await say(page, text);
  await button(page, 'Check your answers').click();
  await button(page, 'File my complaint').waitFor();
};

const pdf = (name: string) => ({
  name,
  mimeType: 'application/pdf',
  buffer: Buffer.from(`%PDF-1.4\n${name}${'x'.repeat(4000)}`),
});

const choose = async (page: Page, name: string): Promise<void> => {
  await page.locator('input[type=file]').setInputFiles(pdf(name));
  await page.getByText('Ready: goes with your next message').waitFor();
};

describe('What happened', () => {
  it('is changed on the check page, and filed only after another look', async () => {
    const { page } = citizen;
    await toCheck(page);
    await button(page, 'Change: What happened').click();
    expect(await words(page).inputValue()).toBe(story);
    expect(await focused(page)).toBe('rewrite');
    await words(page).fill('The clinic in Kenema asked for money on Tuesday.');
    await button(page, 'Use these words').click();
    await page.locator('dd').getByText('The clinic in Kenema asked for money on Tuesday.').waitFor();
    await confirm(page, 'checking');
  });

  it('keeps its old words, and puts none of them into the message box', async () => {
    const { page } = citizen;
    await toCheck(page);
    await button(page, 'Change: What happened').click();
    await button(page, 'Keep the old words').click();
    await page.locator('dd').getByText(story).waitFor();
    await button(page, 'Back to the conversation').click();
    expect(await page.locator('#message').inputValue()).toBe('');
    expect(await page.getByText('change the description', { exact: true }).count()).toBe(0);
  });

  it('that was begun anew is neither lost nor sent: not by Keep, not by a reload, not by another change', async () => {
    const { page } = citizen;
    await toCheck(page);
    await button(page, 'Change: What happened').click();
    await words(page).fill('My name is Aminata. They asked for money.');
    await button(page, 'Keep the old words').click();
    await page.getByText('is not part of your complaint yet').waitFor();
    await page.reload();
    await page.getByText('is not part of your complaint yet').waitFor();
    await button(page, 'Change: You').click();
    await page.getByText('How do you want to be known').last().waitFor();
    expect(await page.locator('#message').inputValue()).toBe('');
    await say(page, 'keep it as it is');
    await button(page, 'Check your answers').click();
    await button(page, 'Go on with it').click();
    expect(await words(page).inputValue()).toBe('My name is Aminata. They asked for money.');
    await button(page, 'Keep the old words').click();
    await button(page, 'Throw it away').click();
    await button(page, 'Change: What happened').click();
    expect(await words(page).inputValue()).toBe(story);
    await button(page, 'Back to the conversation').waitFor({ state: 'detached' });
    expect(await page.getByText('Aminata').count()).toBe(0);
  });

  it('asks for words when there are none', async () => {
    const { page } = citizen;
    await toCheck(page);
    await button(page, 'Change: What happened').click();
    await words(page).fill(' ');
    await button(page, 'Use these words').click();
    await page.getByText('Please write what happened, in at most').waitFor();
    expect(await focused(page)).toBe('rewrite');
  });
});

describe('Kind of problem and office', () => {
  it('are asked for one by one', async () => {
    const { page } = citizen;
    await toCheck(page);
    await button(page, 'Change: Office').click();
    await page.getByText('Which office is this about? Say it').waitFor();
    await say(page, 'keep it as it is');
    await button(page, 'Check your answers').click();
    await button(page, 'Change: Kind of problem').click();
    await page.getByText('What kind of problem is it? Choose one').waitFor();
  });
});

describe('A file', () => {
  it('is taken back before filing', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await choose(page, 'one.pdf');
    await say(page, 'This is the first.');
    await choose(page, 'two.pdf');
    await say(page, 'submit');
    await button(page, 'Check your answers').click();
    await button(page, 'Take back: one.pdf').click();
    await page.getByText('one.pdf is no longer part of your complaint.').waitFor();
    await button(page, 'Take back: one.pdf').waitFor({ state: 'detached' });
    await button(page, 'Make it ready to file').click();
    const { number, key } = await confirm(page, 'checking');
    await page.goto(`${stage.server.url}/track/`);
    await page.getByLabel('Your number').fill(number);
    await button(page, 'Show how it stands').click();
    await page.getByLabel('Access key').fill(key);
    await button(page, 'Read your complaint').click();
    await page.getByText('two.pdf').first().waitFor();
    expect(await page.getByText('one.pdf').count()).toBe(0);
  });

  it('that is chosen and not sent is shown on the check page, and can be sent there', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await say(page, 'submit');
    await choose(page, 'late.pdf');
    await button(page, 'Check your answers').click();
    await page.getByText('They are not part of your complaint before you send them').waitFor();
    await page.getByText('late.pdf').waitFor();
    await button(page, 'Send these files').click();
    await button(page, 'Take back: late.pdf').waitFor();
    expect(await page.getByText('They are not part of your complaint').count()).toBe(0);
  });

  it('that is chosen and not sent is still there after a look at the check page', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await say(page, 'submit');
    await choose(page, 'late.pdf');
    await button(page, 'Check your answers').click();
    await button(page, 'Back to the conversation').click();
    await page.locator('.tray').getByText('late.pdf').waitFor();
  });
});
