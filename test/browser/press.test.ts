import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openChat, say, story, write } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage, ({ page }) => openChat(page, stage.server.url));

const own = (page: Page) => page.locator('.messages > .msg-citizen');

/** Presses "Send" and does something before letting go. */
const pressAnd = async (page: Page, meanwhile: () => Promise<unknown>): Promise<void> => {
  await page.locator('#message').fill(story);
  const send = page.getByRole('button', { name: 'Send' });
  await send.hover();
  await page.mouse.down();
  await meanwhile();
  await page.mouse.up();
};

it('a press on Send counts when the page moves before the finger is lifted', async () => {
  const { page } = citizen;
  await pressAnd(page, () =>
    page.locator('.dock').evaluate((dock) => {
      dock.style.transform = 'translateY(-90px)';
    }),
  );
  await own(page).getByText(story).waitFor();
  expect(await page.locator('#message').inputValue()).toBe('');
  expect(await own(page).count()).toBe(1);
});

it('a press on Send that is let go somewhere else sends nothing', async () => {
  const { page } = citizen;
  await pressAnd(page, () => page.mouse.move(40, 120));
  await page.getByRole('link', { name: 'Krio' }).click({ trial: true });
  expect(await page.locator('#message').inputValue()).toBe(story);
  expect(await own(page).count()).toBe(0);
});

it('Send stays where it is from the first message on, whatever is answered', async () => {
  const { page } = citizen;
  const top = () =>
    page.getByRole('button', { name: 'Send' }).evaluate((button) => Math.round(button.getBoundingClientRect().top));
  await say(page, story);
  const before = await top();
  await write(page, 'What can you do?');
  await own(page).nth(1).waitFor();
  expect(await top()).toBe(before);
  await page.locator('.messages > .msg-agent').nth(1).waitFor();
  expect(await top()).toBe(before);
});

it('the button that tells of a new message moves nothing when it comes and goes', async () => {
  const { page } = citizen;
  const top = () => page.getByRole('button', { name: 'Send' }).evaluate((button) => button.getBoundingClientRect().top);
  const without = await top();
  await page.locator('.dock').evaluate((dock) => {
    const news = document.createElement('button');
    news.className = 'button news';
    news.textContent = 'New message below';
    dock.prepend(news);
  });
  expect(await top()).toBe(without);
});
