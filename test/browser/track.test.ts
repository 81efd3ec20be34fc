import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestServer } from '../transport/support/test-server.js';
import { confirm, openChat, say, story } from './support/citizen.js';
import { startBrowser, visit, type Visitor } from './support/browser.js';
import { startSite } from './support/site.js';

let browser: Browser;
let server: TestServer;
let citizen: Visitor;
beforeAll(async () => {
  browser = await startBrowser();
  server = await startSite();
});
afterAll(async () => {
  await browser.close();
  await server.drop();
});
beforeEach(async () => {
  citizen = await visit(browser);
  await citizen.page.goto(`${server.url}/track/`);
});
afterEach(() => citizen.close());

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

it('the case shows what was filed once, and folds the lists of answers on the way there', async () => {
  const { page } = citizen;
  await openChat(page, server.url);
  await say(page, story);
  await say(page, 'submit');
  await say(page, 'change the description');
  await say(page, 'The clinic in Kenema asked for money on Tuesday.');
  const { number, key } = await confirm(page);
  await page.goto(`${server.url}/track/`);
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
