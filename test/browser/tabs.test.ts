import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { fileComplaint, openChat, say, story } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage, ({ context }) =>
  context.route('https://www.bbc.com/**', (route) => route.fulfill({ body: 'weather' })),
);

/** Another tab that this one opened: browsers give it a copy of all that this tab keeps. */
const another = async (page: Page, path: string): Promise<Page> => {
  const opening = page.waitForEvent('popup');
  await page.evaluate((address) => void open(address), path);
  const other = await opening;
  await other.waitForLoadState();
  return other;
};
const keptIn = (page: Page): Promise<readonly string[]> => page.evaluate(() => Object.keys(sessionStorage));

const removeIn = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Remove this chat from this phone' }).click();
  await page.getByRole('button', { name: 'Yes, remove it' }).click();
};

const removeLight = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Remove this chat' }).click();
  await page.getByRole('button', { name: 'Yes, remove it' }).click();
};

describe('A chat that is removed', () => {
  it('is removed from every tab that shows it, with number, key and draft', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    const { number, key } = await fileComplaint(page);
    await page.getByRole('button', { name: 'Back to the conversation' }).click();
    const other = await another(page, '/chat/');
    await other.getByRole('button', { name: 'Show number and next steps' }).click();
    await other.getByText(key).first().waitFor();
    await other.evaluate(() => sessionStorage.setItem('citizen-draft', 'half a sentence'));
    await removeIn(page);
    await other.getByText('The chat is removed from this phone.').waitFor();
    expect(await keptIn(other)).toEqual([]);
    expect(await other.getByText(number.slice(-4)).count()).toBe(0);
    expect(await other.getByText(key.slice(-4)).count()).toBe(0);
    await other.reload();
    await other.locator('.connection-live').waitFor();
    expect(await other.locator('.messages > li').count()).toBe(0);
  });

  it('is removed from tabs that show other pages too', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    const other = await another(page, '/');
    await other.getByText('You have an open conversation').waitFor();
    await removeIn(page);
    await other.getByText('The chat is removed from this phone.').waitFor();
    expect(await other.getByText('You have an open conversation').isVisible()).toBe(false);
    expect(await keptIn(other)).toEqual([]);
  });

  it('on the start page, is removed from tabs that show it', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    const other = await another(page, '/');
    await other.getByRole('button', { name: 'Remove this chat from this phone' }).click();
    await page.getByText('The chat is removed from this phone.').waitFor();
    expect(await page.getByText(story).count()).toBe(0);
    expect(await keptIn(page)).toEqual([]);
  });

  it('leaves another conversation in another tab as it is', async () => {
    const { page, context } = citizen;
    const other = await context.newPage();
    await openChat(other, stage.server.url);
    await say(other, story);
    await openChat(page, stage.server.url);
    await say(page, story);
    const third = await another(page, '/');
    await removeIn(page);
    await third.getByText('The chat is removed from this phone.').waitFor();
    await say(other, 'submit');
  });

  it('on /lite, is removed from every tab, as its cookie is', async () => {
    const { page } = citizen;
    await page.goto(`${stage.server.url}/lite/chat`);
    await page.getByLabel('Write your message').fill(story);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#log li:not(.own)').first().waitFor();
    await page.reload();
    await page.getByText('Connected').waitFor();
    const other = await another(page, '/lite/chat');
    await other.getByText('Connected').waitFor();
    await removeLight(page);
    await other.getByText('The chat is removed from this phone.').waitFor();
    expect(await other.getByText(story).count()).toBe(0);
    expect(await keptIn(other)).toEqual([]);
  });

  it('leaves no address behind that tells what was done', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await fileComplaint(page);
    expect(page.url()).toBe(`${stage.server.url}/chat/`);
    await page.goto(stage.server.url);
    await page.getByRole('button', { name: 'Remove this chat from this phone' }).click();
    await page.getByText('The chat is removed from this phone.').waitFor();
    await page.goBack();
    await page.locator('.connection-live').waitFor();
    expect(page.url()).toBe(`${stage.server.url}/chat/`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Your conversation with the office');
  });

  it('before that, the number is still shown after a reload', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    const { number } = await fileComplaint(page);
    await page.reload();
    await page.getByRole('heading', { name: 'Your complaint is filed' }).waitFor();
    expect(await page.locator('.groups').first().innerText()).toBe(number);
  });
});
