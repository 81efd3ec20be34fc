import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askCitizen, openDesk, type Desk } from '../office/support/office-desk.js';
import { visit } from './support/browser.js';
import { fileComplaint, openChat, say, story } from './support/citizen.js';
import { openStage } from './support/stage.js';

const stage = openStage();
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk(stage.server);
});
afterAll(() => desk.close());

/** What a browser says of a tab that is not looked at; headless ones show every tab. */
const look = (page: Page, isLooking: boolean): Promise<void> =>
  page.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => !is });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isLooking);

describe('What the office says', () => {
  it('while one reads further up is told by a button that leads there', async () => {
    const { page, close } = await visit(stage.browser, { viewport: { width: 390, height: 600 } });
    await openChat(page, stage.server.url);
    const { number } = await fileComplaint(page);
    await page.getByRole('button', { name: 'Back to the conversation' }).click();
    await openChat(page, stage.server.url);
    await page.getByText(story).first().waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    const button = page.getByRole('button', { name: 'New message below' });
    expect(await button.count()).toBe(0);
    await vi.waitFor(() => desk.act(number, { type: 'WriteToCitizen', text: 'We have read your complaint.' }));
    await button.click();
    await button.waitFor({ state: 'detached' });
    const letter = page.getByText('We have read your complaint.');
    expect(await letter.evaluate((item) => item.getBoundingClientRect().top < innerHeight)).toBe(true);
    await close();
  });

  it('while the page is not looked at is counted in its title, and nothing of it is told there', async () => {
    const { page, close } = await visit(stage.browser);
    await openChat(page, stage.server.url);
    const plain = await page.title();
    await look(page, false);
    await say(page, story);
    await expect.poll(() => page.title()).toBe(`(1) ${plain}`);
    await look(page, true);
    expect(await page.title()).toBe(plain);
    await close();
  });

  it('in the light chat is counted in the title too', async () => {
    const { page, close } = await visit(stage.browser);
    await page.goto(`${stage.server.url}/lite/chat`);
    const plain = await page.title();
    await look(page, false);
    await page.getByLabel('Write your message').fill(story);
    await page.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => page.title()).toBe(`(1) ${plain}`);
    await look(page, true);
    expect(await page.title()).toBe(plain);
    await close();
  });
});

describe('A question of the office', () => {
  it('is answered on the case page, above how it stands; the next step names that way', async () => {
    const { page, close } = await visit(stage.browser);
    await openChat(page, stage.server.url);
    const { number, key } = await fileComplaint(page);
    await askCitizen(desk, stage.server.url, number, 'On which day was it?');
    await page.goto(`${stage.server.url}/track/`);
    await page.getByLabel('Your number').fill(number);
    await page.getByRole('button', { name: 'Show how it stands' }).click();
    await page.locator('dd', { hasText: 'Enter your access key' }).waitFor();
    await page.getByLabel('Access key').fill(key);
    await page.getByRole('button', { name: 'Read your complaint' }).click();
    const box = page.getByLabel('Your answer');
    await page.locator('dd', { hasText: 'You can do that on this page' }).waitFor();
    const [boxTop, statusTop] = await Promise.all(
      [box, page.locator('.ticket')].map((one) => one.evaluate((element) => element.getBoundingClientRect().top)),
    );
    expect(boxTop).toBeLessThan(statusTop ?? 0);
    await box.fill('It was on Monday.');
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByText('Your answer has been received by the office.').waitFor();
    await box.waitFor({ state: 'detached' });
    await close();
  });

  it('is answered in the chat with one yes, whose button stays while other news comes in', async () => {
    const { page, close } = await visit(stage.browser);
    await openChat(page, stage.server.url);
    const { number } = await fileComplaint(page);
    await page.getByRole('button', { name: 'Back to the conversation' }).click();
    await openChat(page, stage.server.url);
    await askCitizen(desk, stage.server.url, number, 'On which day was it?');
    await page.getByText('On which day was it?').waitFor();
    await say(page, 'It was on Monday the third.');
    await desk.act(number, { type: 'WriteToCitizen', text: 'We have also written to the clinic.' });
    await page.getByText('We have also written to the clinic.').waitFor();
    await page.getByRole('button', { name: 'Yes, pass it on to the office' }).click();
    await page.getByText('I have passed your answer on to the office.').waitFor();
    await close();
  });
});
