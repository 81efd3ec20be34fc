import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCitizen, openDesk, type Desk } from '../office/support/office-desk.js';
import { createLiteBrowser, fieldIn, fileByForm, story } from './support/lite-browser.js';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
let desk: Desk;
beforeAll(async () => {
  server = await startTestServer({ RATE_LIMITS: 'off' });
  desk = await openDesk(server);
});
afterAll(async () => {
  await desk.close();
  await server.drop();
});

describe('The light page of a case', () => {
  const asked = async () => {
    const given = await fileByForm(server.url);
    await askCitizen(desk, server.url, given.number, 'On which day was it?');
    return given;
  };

  it('says days as people write them', async () => {
    const { number } = await fileByForm(server.url);
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/track');
    await browser.post('/lite/track', { trackingNumber: number });
    expect(browser.page()).toMatch(/Last change: \d{1,2} [A-Z][a-z]+ 20\d\d/);
    expect(browser.page()).not.toMatch(/20\d\d-\d\d-\d\d/);
  });

  it('shows what the office asks to the holder of the key, and nothing of it by the number alone', async () => {
    const { number, key } = await asked();
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/track');
    await browser.post('/lite/track', { trackingNumber: number });
    expect(browser.page()).toContain('The office needs something from you.');
    expect(browser.page()).not.toContain('On which day');
    await browser.post('/lite/track', { trackingNumber: number, accessKey: key });
    expect(browser.page()).toContain('On which day was it?');
  });

  it('takes the answer, once however often it is sent', async () => {
    const { number, key } = await asked();
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/track');
    await browser.post('/lite/track', { trackingNumber: number, accessKey: key });
    const fields = { trackingNumber: number, accessKey: key, answer: 'It was on Monday.' };
    const form = { ...fields, id: fieldIn(browser.page(), 'id') };
    await browser.post('/lite/answer', form);
    expect(browser.page()).toContain('Your answer has been received by the office.');
    expect(browser.page()).not.toContain('action="/lite/answer"');
    await browser.post('/lite/answer', form);
    expect(browser.page().match(/It was on Monday\./g)).toHaveLength(1);
  });

  it('asks for an answer when there is none', async () => {
    const { number, key } = await asked();
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/track');
    const empty = await browser.post('/lite/answer', { trackingNumber: number, accessKey: key, answer: ' ' });
    expect(empty.status).toBe(400);
    expect(browser.page()).toContain('Please write something before you send.');
    expect(browser.page()).toContain('action="/lite/answer"');
  });

  it('shows the last list of the answers in full and folds the earlier ones', async () => {
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/chat');
    const said = [story, 'submit', 'change the description', 'The clinic in Kenema asked for money.', 'yes'];
    for (const message of said) await browser.post('/lite/chat', { message });
    const [trackingNumber = '', accessKey = ''] = [
      ...browser
        .page()
        .replace(/<\/?(span|wbr)>/g, '')
        .matchAll(/<b>([0-9A-Z-]+)<\/b>/g),
    ].map(([, text]) => text);
    await browser.go('/lite/track');
    await browser.post('/lite/track', { trackingNumber, accessKey });
    expect(browser.page().match(/These are your answers:/g)).toHaveLength(2);
    expect(browser.page().match(/<details>/g)).toHaveLength(1);
    expect(browser.page().indexOf('<details>')).toBeLessThan(browser.page().lastIndexOf('These are your answers:'));
  });

  it('keeps an answer that could not be taken, and says why', async () => {
    const { number, key } = await asked();
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/track');
    const answer = 'x'.repeat(9000);
    const response = await browser.post('/lite/answer', { trackingNumber: number, accessKey: key, answer });
    expect(response.status).toBe(413);
    expect(browser.page()).toContain(`${answer}</textarea>`);
  });

  it('takes no answer with a wrong key', async () => {
    const { number } = await asked();
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/track');
    const fields = { trackingNumber: number, accessKey: '0000-0000-0000-0000', answer: 'not mine' };
    expect((await browser.post('/lite/answer', fields)).status).toBe(404);
  });
});
