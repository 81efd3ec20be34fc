import type { Page } from 'playwright-core';

export const story = 'The clinic in my town refused to treat my child without a bribe. It was on Monday in Bo.';

const answers = '.messages > .msg-agent';

/** Opens the chat and waits until it is connected. */
export const openChat = async (page: Page, url: string, path = '/chat/'): Promise<void> => {
  await page.goto(url + path);
  await page.locator('.connection-live').waitFor();
};

/** Writes and sends, without waiting for anything. */
export const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('#message').fill(text);
  await page.locator('.composer button[type=submit]').click();
};

/** Sends and waits for the answer. */
export const say = async (page: Page, text: string): Promise<void> => {
  const before = await page.locator(answers).count();
  await write(page, text);
  await page.locator(answers).nth(before).waitFor();
};

/** From the first word to the number. */
export const fileComplaint = async (page: Page): Promise<{ readonly number: string; readonly key: string }> => {
  await say(page, story);
  await say(page, 'submit');
  return confirm(page);
};

/** From the ready answers to the number, by the page that checks them (where the citizen may be already). */
export const confirm = async (
  page: Page,
  where: 'chat' | 'checking' = 'chat',
): Promise<{ readonly number: string; readonly key: string }> => {
  if (where === 'chat') await page.getByRole('button', { name: 'Check your answers' }).click();
  await page.getByRole('button', { name: 'File my complaint' }).click();
  await page.getByRole('heading', { name: 'Your complaint is filed' }).waitFor();
  const [number = '', key = ''] = (await page.locator('.groups').allInnerTexts()).map((text) =>
    text.replace(/\s/g, ''),
  );
  return { number, key };
};
