import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { confirm, openChat, say, story } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage, ({ page }) => page.goto(`${stage.server.url}/track/`));

const look = (page: Page): Promise<void> => page.getByRole('button', { name: 'Show how it stands' }).click();
const isTold = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement?.matches('.problem-summary') === true);

it('without a number the page asks for it', async () => {
  const { page } = citizen;
  await page.getByLabel('Your number').fill('  ');
  await look(page);
  await page.getByRole('link', { name: 'Please enter your number first.' }).waitFor();
  expect(await page.getByText('typing error').count()).toBe(0);
});

it('the same typing error once more is told once more', async () => {
  const { page } = citizen;
  await page.getByLabel('Your number').fill('OMB-0000-0000-0001');
  await look(page);
  await expect.poll(() => isTold(page)).toBe(true);
  await page.getByLabel('Your number').focus();
  expect(await isTold(page)).toBe(false);
  await look(page);
  await expect.poll(() => isTold(page)).toBe(true);
});

it('a problem is told without a heading before the first of the page', async () => {
  const { page } = citizen;
  await look(page);
  await page.locator('.problem-summary').waitFor();
  const levels = await page.locator('h1, h2, h3').evaluateAll((all) => all.map(({ tagName }) => tagName));
  expect(levels[0]).toBe('H1');
});

it('the case shows what was filed once, and folds the lists of answers on the way there', async () => {
  const { page } = citizen;
  await openChat(page, stage.server.url);
  await say(page, story);
  await say(page, 'submit');
  await say(page, 'change the description');
  await say(page, 'The clinic in Kenema asked for money on Tuesday.');
  const { number, key } = await confirm(page);
  await page.goto(`${stage.server.url}/track/`);
  await page.getByLabel('Your number').fill(number);
  await page.getByLabel('Access key').fill(key);
  await look(page);
  await page.locator('dd').getByText('The clinic in Kenema asked for money on Tuesday.').waitFor();
  const lists = page.getByText('These are your answers:');
  expect(await lists.count()).toBe(2);
  expect(await lists.first().isVisible()).toBe(false);
  expect(await lists.last().isVisible()).toBe(false);
  await page.getByText('Your answers were shown here.').first().click();
  expect(await lists.first().isVisible()).toBe(true);
});
