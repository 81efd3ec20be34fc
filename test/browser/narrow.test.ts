import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { fileComplaint, openChat } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage, ({ page }) => page.setViewportSize({ width: 320, height: 640 }));

const grow = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.documentElement.style.fontSize = '32px';
  });
const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** The rows in which a number stands, as they are read. */
const rowsOf = (page: Page, selector: string): Promise<readonly (readonly string[])[]> =>
  page.locator(selector).evaluateAll((places) =>
    places.map((place) => {
      const rows = new Map<number, string>();
      const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
        for (let at = 0; at < (node.textContent ?? '').length; at += 1) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const top = Math.round(range.getBoundingClientRect().top);
          rows.set(top, (rows.get(top) ?? '') + range.toString());
        }
      return [...rows.values()];
    }),
  );
const twoAndTwo = /^\w+-\w+-?$/;
const groupByGroup = /^(\w+-?|\w+-\w+-?)$/;

describe('Number and key on a small phone', () => {
  it.each([
    ['100 %', twoAndTwo],
    ['200 %', groupByGroup],
  ])('are broken between groups, never leaving one behind, with text at %s', async (size, row) => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await fileComplaint(page);
    if (size === '200 %') await grow(page);
    const places = await rowsOf(page, '.groups');
    expect(places).toHaveLength(2);
    for (const rows of places) {
      expect([2, 4]).toContain(rows.length);
      for (const text of rows) expect(text).toMatch(row);
    }
    expect(await isTooWide(page)).toBe(false);
  });

  it('on a case page with text at 200 % nothing is too wide, and the way out stays in view', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    const { number, key } = await fileComplaint(page);
    await page.goto(`${stage.server.url}/track/`);
    await page.getByLabel('Your number').fill(number);
    await page.getByLabel('Access key').fill(key);
    await page.getByRole('button', { name: 'Show how it stands' }).click();
    await page.getByText('What was said').waitFor();
    await grow(page);
    expect(await isTooWide(page)).toBe(false);
    for (const text of (await rowsOf(page, '.groups')).flat()) expect(text).toMatch(groupByGroup);
    const { left, right } = await page.locator('.exit').evaluate((exit) => exit.getBoundingClientRect());
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(320);
  });

  it('on /lite with text at 200 % are broken between groups', async () => {
    const { page } = citizen;
    await page.goto(`${stage.server.url}/lite/chat`);
    for (const text of ['The clinic in Bo asked for a bribe on Monday.', 'submit', 'yes']) {
      const before = await page.locator('#log li:not(.own)').count();
      await page.getByLabel('Write your message').fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('#log li:not(.own)').nth(before).waitFor();
    }
    await page.locator('.ticket').waitFor();
    await grow(page);
    const live = await rowsOf(page, '.ticket b');
    for (const text of live.flat()) expect(text).toMatch(groupByGroup);
    await page.reload();
    await grow(page);
    expect(await rowsOf(page, '.ticket b')).toEqual(live);
  });
});

it('the link of a page that is not there can be tapped', async () => {
  const { page } = citizen;
  await page.goto(`${stage.server.url}/nothing/`);
  const { height } = await page
    .getByRole('link', { name: 'Go to the start' })
    .evaluate((link) => link.getBoundingClientRect());
  expect(height).toBeGreaterThanOrEqual(24);
});
