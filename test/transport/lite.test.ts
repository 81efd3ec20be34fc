import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawTrackingNumber } from '../../src/commands/tracking-number.js';
import { pdf } from '../evidence/support/samples.js';
import { createLiteBrowser, fieldIn, fileByForm, story } from './support/lite-browser.js';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ LOOKUP_FAILURES_PER_IP_PER_MINUTE: '100' });
});
afterAll(() => server.drop());

const createBrowser = () => createLiteBrowser(server.url);
const file = () => fileByForm(server.url);

describe('The light pages, without any script', () => {
  it('file a complaint and show number and key', async () => {
    const { number, key } = await file();
    expect(number).toMatch(/^OMB(-[0-9A-Z]{4}){3}$/);
    expect(key).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  });

  it('track it by its number, and show its words with the key only', async () => {
    const { number, key } = await file();
    const other = createBrowser();
    await other.go('/lite/track');
    const found = await other.post('/lite/track', { trackingNumber: number.toLowerCase() });
    expect(found.status).toBe(200);
    expect(other.page()).toContain('Received');
    expect(other.page()).not.toContain('clinic');
    await other.post('/lite/track', { trackingNumber: number, accessKey: key });
    expect(other.page()).toContain('clinic');
  });

  it('never put the number or the key into an address', async () => {
    const { number, key } = await file();
    const lines = server.logLines.join('\n');
    expect(lines).not.toContain(number);
    expect(lines).not.toContain(key);
    expect(lines).not.toContain('clinic');
  });

  it('take a file with the message', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat');
    await browser.post('/lite/chat', { message: story });
    const photo = new File([Uint8Array.from(pdf())], 'ɛvidɛns.pdf', { type: 'application/pdf' });
    await browser.post('/lite/chat', { message: 'here it is', file: photo });
    expect(browser.page()).toContain('ɛvidɛns.pdf');
  });

  it('record a form that is sent twice once', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat');
    await browser.post('/lite/chat', { message: story });
    const id = fieldIn(browser.page(), 'id');
    await browser.post('/lite/chat', { message: 'One more thing happened.', id });
    await browser.post('/lite/chat', { message: 'One more thing happened.', id });
    expect(browser.page().match(/One more thing happened\./g)).toHaveLength(1);
  });

  it('take other words from a page that one went back to, as another message', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat');
    const id = fieldIn(browser.page(), 'id');
    await browser.post('/lite/chat', { message: story, id });
    await browser.post('/lite/chat', { message: 'One more thing happened.', id });
    expect(browser.page()).toContain('One more thing happened.');
  });

  it('ask for words when there are none, and for the number when it is missing', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat');
    expect((await browser.post('/lite/chat', { message: '  ' })).status).toBe(400);
    expect(browser.page()).toContain('Please write something before you send.');
    await browser.go('/lite/track?lang=kri');
    expect((await browser.post('/lite/track', { trackingNumber: ' ', accessKey: 'AAAA' })).status).toBe(400);
    expect(browser.page()).toContain('Duya put yu nɔmba fɔs.');
    expect(browser.page()).toContain('value="AAAA"');
  });

  it('are kept by no cache: neither pages nor the answers to forms', async () => {
    const { browser, number } = await file();
    const answers = [
      await browser.go('/lite/'),
      await browser.go('/lite/chat'),
      await browser.post('/lite/track', { trackingNumber: number }),
      await browser.post('/lite/chat', { message: 'x'.repeat(9000) }),
      await browser.go('/lite/forget'),
    ];
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(answers.map(() => 'no-store'));
  });

  it('keep what was written when it cannot be taken, and say why', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat');
    const text = 'x'.repeat(9000);
    const response = await browser.post('/lite/chat', { message: text });
    expect(response.status).toBe(413);
    expect(browser.page()).toContain(text);
    expect(browser.page()).toContain('aria-describedby="message-wrong" autofocus');
  });

  it('show what people write as text', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat');
    await browser.post('/lite/chat', { message: '<img src=x onerror=alert(1)>' });
    expect(browser.page()).toContain('&lt;img src=x');
    expect(browser.page()).not.toContain('<img');
  });

  it('speak Krio, with its draft marked', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat?lang=kri');
    expect(browser.page()).toContain('<html lang="kri">');
    expect(browser.page()).toContain('Dis Krio de wet fɔ pɔsin');
    await browser.post('/lite/chat', { message: 'Di nɔs aks mi fɔ brayb' });
    expect(browser.page()).toContain('kɔmpyuta ɛlpa');
  });

  it('offer that the helper speaks the language of the page, when it was changed in the middle', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat');
    await browser.post('/lite/chat', { message: 'The nurse asked me for money.' });
    expect(browser.page()).not.toMatch(/value="speak/);
    await browser.go('/lite/chat?lang=kri');
    expect(browser.page()).toContain('<button name="quick" value="speak Krio">Mek di ɛlpa tɔk Krio</button>');
    await browser.post('/lite/chat', { quick: 'speak Krio' });
    expect(browser.page()).not.toMatch(/value="speak/);
    await browser.go('/lite/chat?lang=en');
    expect(browser.page()).toContain('<button name="quick" value="speak English">');
  });

  it('stay in the language that was chosen, whatever the helper speaks', async () => {
    const browser = createBrowser();
    await browser.go('/lite/chat?lang=kri');
    await browser.post('/lite/chat', { message: 'Di nɔs aks mi fɔ brayb' });
    await browser.go('/lite/chat?lang=en');
    expect(browser.page()).toContain('href="/lite/chat?lang=en#end"');
    await browser.post('/lite/chat', { message: 'It was on Monday.' });
    expect(browser.page()).toContain('<html lang="en">');
  });

  it('say the same of a number that is unknown and of one whose key is wrong', async () => {
    const { number } = await file();
    const browser = createBrowser();
    await browser.go('/lite/track');
    const compare = 'Nothing was found for this number and key together. Please compare both';
    const wrong = await browser.post('/lite/track', { trackingNumber: number, accessKey: '0000-0000-0000-0000' });
    expect(browser.page()).toContain(compare);
    const unknown = await browser.post('/lite/track', { trackingNumber: drawTrackingNumber(), accessKey: '0000' });
    expect(browser.page()).toContain(compare);
    expect([wrong.status, unknown.status]).toEqual([404, 404]);
  });

  it('ask once more before they forget the chat', async () => {
    const { browser } = await file();
    await browser.go('/lite/forget');
    expect(browser.page()).toContain('Yes, remove it');
    expect(browser.cookie()).toContain('lite=');
    await browser.go('/lite/chat');
    expect(browser.page()).toContain('clinic');
  });

  it('forget the chat on this phone when asked', async () => {
    const { browser } = await file();
    await browser.go('/lite/forget');
    await browser.post('/lite/forget', {});
    expect(browser.cookie()).not.toContain('lite=');
    await browser.go('/lite/chat');
    expect(browser.page()).not.toContain('clinic');
  });
});

describe('The cookie of the light pages', () => {
  it('is out of reach for scripts and other sites', async () => {
    const answer = await fetch(`${server.url}/lite/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'lite-kept=1' },
      body: new URLSearchParams({ message: story }),
      redirect: 'manual',
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^lite=[^;]+; Path=\/lite; HttpOnly; SameSite=Strict$/);
  });

  it('is secure behind a proxy that ends TLS', async () => {
    const proxied = await startTestServer({ TRUST_PROXY: 'loopback' });
    const answer = await fetch(`${proxied.url}/lite/chat`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: 'lite-kept=1',
        'x-forwarded-proto': 'https',
      },
      body: new URLSearchParams({ message: story }),
      redirect: 'manual',
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^lite=.*; Secure/);
    await proxied.drop();
  });
});

describe('A post to the light pages', () => {
  it.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ])('from another site is refused: %o', async (headers) => {
    const { browser } = await file();
    const response = await browser.post('/lite/chat', { message: 'not mine' }, headers);
    expect(response.status).toBe(403);
    await browser.go('/lite/chat');
    expect(browser.page()).not.toContain('not mine');
  });

  it('without the hidden field of the page is refused, and its text kept', async () => {
    const { browser } = await file();
    const response = await browser.post('/lite/chat', { message: 'not mine', token: 'guessed' });
    expect(response.status).toBe(403);
    expect(browser.page()).toContain('not mine</textarea>');
    await browser.go('/lite/chat');
    expect(browser.page()).not.toContain('not mine');
  });

  it('that is no form, or too large, is refused', async () => {
    const asked = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'message=x' };
    expect((await fetch(`${server.url}/lite/chat`, asked)).status).toBe(415);
    const large = new URLSearchParams({ trackingNumber: 'x'.repeat(70_000) });
    expect((await fetch(`${server.url}/lite/track`, { method: 'POST', body: large })).status).toBe(413);
  });
});

describe('The script of the light chat', () => {
  it('comes into the conversation of the cookie', async () => {
    const { browser } = await file();
    const headers = { cookie: browser.cookie(), 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${server.url}/lite/session`, { method: 'POST', headers, body: '{}' });
    const { sessionId, token } = (await answer.json()) as { sessionId: string; token: string };
    const authorization = { authorization: `Bearer ${token}` };
    const answers = await fetch(`${server.url}/api/agent/session/${sessionId}/answers`, { headers: authorization });
    expect(await answers.json()).toMatchObject({ description: story, ready: false });
  });

  it('is not let in from another site', async () => {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' };
    expect((await fetch(`${server.url}/lite/session`, { method: 'POST', headers, body: '{}' })).status).toBe(403);
  });
});
