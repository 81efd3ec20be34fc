import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openChat, say, story, write } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage, ({ page }) => openChat(page, stage.server.url));

/** Text of the message that has the focus; null: no message has it. */
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => (document.activeElement?.matches('.msg') ? document.activeElement.textContent : null));

/** Long enough to be refused, so that it fails. */
const failOne = async (page: Page): Promise<void> => {
  await write(page, `Too long ${'x'.repeat(9000)}`);
  await page.locator('.fate-failed').waitFor();
};

it('a tap on a ready answer leaves the focus at its question, and opens no keyboard', async () => {
  const { page } = citizen;
  await say(page, story);
  await page.locator('.quick button').first().click();
  await page.locator('.msg-citizen').nth(1).waitFor();
  expect(await focused(page)).toContain('Leoma');
});

it('"Try again" leaves the focus at its message, "Remove" at the one beside', async () => {
  const { page } = citizen;
  await say(page, story);
  await failOne(page);
  await page.locator('.fate-failed').getByRole('button', { name: 'Try again' }).click();
  expect(await focused(page)).toContain('Too long');
  await page.locator('.fate-failed').getByRole('button', { name: 'Remove' }).click();
  await page.locator('.fate-failed').waitFor({ state: 'detached' });
  expect(await focused(page)).toContain('Leoma');
});
