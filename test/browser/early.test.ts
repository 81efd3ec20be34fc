import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openChat, story } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage);

/** Opens the chat on a network that brings the page and not yet its scripts; gives what brings them. */
const openSlowly = async (page: Page, held: RegExp = /\/_next\/.*\.js$/): Promise<() => Promise<void>> => {
  let release = (): void => undefined;
  const come = new Promise<void>((resolve) => (release = resolve));
  await page.route(held, async (route) => {
    await come;
    await route.continue();
  });
  await page.goto(`${stage.server.url}/chat/`, { waitUntil: 'commit' });
  await page.locator('#message').waitFor();
  return async () => {
    release();
    await page.locator('.connection-live').waitFor();
  };
};
const box = (page: Page) => page.locator('#message');
const send = (page: Page) => page.getByRole('button', { name: 'Send' });
/** Until the script that comes before all others keeps what is in the box. */
const isKept = (page: Page, text: string) =>
  expect.poll(() => page.evaluate(() => sessionStorage.getItem('citizen-draft'))).toBe(text);
const own = (page: Page) => page.locator('.messages > .msg-citizen');

it.each([
  ['the scripts of the chat', /\/_next\/.*\.js$/],
  ['any script', /\.js$/],
])('what is written before %s have come stays in the box and is sent whole', async (_what, held) => {
  const { page } = citizen;
  const come = await openSlowly(page, held);
  await box(page).fill(story);
  await come();
  expect(await box(page).inputValue()).toBe(story);
  await send(page).click();
  await own(page).getByText(story).waitFor();
});

it('a press on Send before the scripts of the chat have come sends when they have', async () => {
  const { page } = citizen;
  const come = await openSlowly(page);
  await box(page).fill(story);
  await isKept(page, story);
  await send(page).click();
  expect(await box(page).inputValue()).toBe(story);
  await come();
  await own(page).getByText(story).waitFor();
  await expect.poll(() => box(page).inputValue()).toBe('');
  expect(await own(page).count()).toBe(1);
});

it('a press on Send before any script has come loses no word', async () => {
  const { page } = citizen;
  const come = await openSlowly(page, /\.js$/);
  await box(page).fill(story);
  await send(page).click();
  await come();
  expect(await box(page).inputValue()).toBe(story);
  expect(new URL(page.url()).search).toBe('');
});

it('what is written before the scripts have come is kept when the page is loaded again', async () => {
  const { page } = citizen;
  await openSlowly(page);
  await box(page).pressSequentially('The nurse asked');
  await isKept(page, 'The nurse asked');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await openChat(page, stage.server.url);
  expect(await box(page).inputValue()).toBe('The nurse asked');
});

it('a draft stands in the box before the scripts of the chat have come', async () => {
  const { page } = citizen;
  await openChat(page, stage.server.url);
  await box(page).fill('The nurse asked');
  const come = await openSlowly(page);
  await expect.poll(() => box(page).inputValue()).toBe('The nurse asked');
  await box(page).press('End');
  await box(page).pressSequentially(' for money');
  await come();
  expect(await box(page).inputValue()).toBe('The nurse asked for money');
});
