import { describe, expect, it } from 'vitest';
import { confirm, fileComplaint, openChat, say, story, write } from './support/citizen.js';
import { startSite } from './support/site.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();
const citizen = citizenOn(stage);

describe('The chat', () => {
  it('shows the same conversation in two tabs, each message once', async () => {
    const { page, context } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    const kept = await page.evaluate(() => JSON.stringify(sessionStorage));
    const other = await context.newPage();
    await other.addInitScript((items: string) => {
      for (const [key, value] of Object.entries(JSON.parse(items) as Record<string, string>))
        sessionStorage.setItem(key, value);
    }, kept);
    await openChat(other, stage.server.url);
    await other.getByText(story).waitFor();
    await say(other, 'One more thing: the nurse asked too.');
    await page.getByText('One more thing: the nurse asked too.').waitFor();
    const texts = (tab: typeof page) => tab.locator('.messages > li .text').allInnerTexts();
    await expect.poll(() => texts(page)).toEqual(await texts(other));
    expect(new Set(await texts(page)).size).toBe((await texts(page)).length);
  });

  it('comes back after a reload with everything, and with what was being written', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await page.locator('#message').fill('half a sentence');
    await page.reload();
    await page.getByText(story).waitFor();
    expect(await page.locator('#message').inputValue()).toBe('half a sentence');
  });

  it('lets a screen reader hear each finished message once', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await page.locator('[role=log][aria-live=polite]').waitFor();
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      const log = document.querySelector('[role=log]');
      if (log === null) return;
      new MutationObserver((changes) => {
        if (log.getAttribute('aria-live') !== 'polite') return;
        for (const { addedNodes } of changes)
          for (const node of addedNodes) if (node instanceof HTMLLIElement) heard.push(node.innerText);
      }).observe(log, { childList: true, subtree: true });
    });
    await say(page, 'submit');
    await page.locator('.messages > .msg-citizen').last().getByText('Received').waitFor();
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect(heard).toHaveLength(2);
    expect(heard[0]).toContain('submit');
    expect(heard[1]).toContain('These are your answers');
  });

  it('says on the check page who is told the name', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await say(page, 'my name is Fatu Kamara, 076 123456, keep it confidential');
    await say(page, 'submit');
    await page.getByRole('button', { name: 'Check your answers' }).click();
    await page.getByText('Who is told your name').waitFor();
    await page.getByText('Only the office. The institution is not told who you are.').waitFor();
  });

  it('never says on the check page that nobody sees a name that stands in the story', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, `My name is Aminata Sesay. ${story}`);
    await say(page, 'submit');
    await page.getByRole('button', { name: 'Check your answers' }).click();
    await page.getByText('But if your name stands in your words or files, whoever reads them sees it.').waitFor();
    expect(await page.getByText('You gave no name').count()).toBe(0);
  });

  it('leads back from the check with the focus in the conversation', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await say(page, 'submit');
    await page.getByRole('button', { name: 'Check your answers' }).click();
    await page.getByRole('button', { name: 'Back to the conversation' }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('chat-heading');
  });

  it('goes on in the other language', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await page.getByRole('link', { name: 'Krio' }).click();
    await page.locator('.connection-live').waitFor();
    await page.getByText('A de tɔk Krio naw').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('kri');
  });

  it('removes itself from the phone when asked', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await page.getByRole('button', { name: 'Remove this chat from this phone' }).click();
    await page.getByRole('button', { name: 'Yes, remove it' }).click();
    await page.getByText('The chat is removed from this phone.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('status');
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await openChat(page, stage.server.url);
    expect(await page.getByText(story).count()).toBe(0);
  });

  it('pauses a file and goes on with it', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await page.route('**/api/uploads', () => undefined); // the network hangs
    const pdf = {
      name: 'letter.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from(`%PDF-1.4\n${'x'.repeat(40_000)}`),
    };
    await page.locator('input[type=file]').setInputFiles(pdf);
    await page.getByRole('button', { name: 'Pause: letter.pdf' }).click();
    await page.getByText('Paused. It will be sent again from its beginning').waitFor();
    await page.unroute('**/api/uploads');
    await page.getByRole('button', { name: 'Send from the beginning: letter.pdf' }).click();
    await page.getByText('Ready: goes with your next message').waitFor();
  });

  it('sends what is written while a file is still on its way, and the file by itself afterwards', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/api/uploads', async (route) => {
      await gate;
      await route.continue();
    });
    const pdf = {
      name: 'letter.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from(`%PDF-1.4\n${'x'.repeat(40_000)}`),
    };
    await page.locator('input[type=file]').setInputFiles(pdf);
    await say(page, story);
    expect(await page.getByText('Files: letter.pdf').count()).toBe(0);
    go();
    await page.getByText('Files: letter.pdf').waitFor();
  });
});

describe('A long conversation', () => {
  it('is loaded in pages, and earlier ones on request', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    const session = await page.evaluate(() => {
      const kept = sessionStorage.getItem('citizen-interface') ?? '{}';
      return (JSON.parse(kept) as { session: { sessionId: string } }).session.sessionId;
    });
    for (let at = 1; at <= 130; at += 1) {
      const body = JSON.stringify({ sessionId: session, message: `Detail number ${at}.` });
      await fetch(`${stage.server.url}/api/agent/message`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    }
    await page.reload();
    await page.getByText('Detail number 130.').waitFor();
    expect(await page.locator('.messages > li').count()).toBe(100);
    const earlier = page.getByRole('button', { name: 'Show earlier messages' });
    await earlier.click();
    await expect.poll(() => page.locator('.messages > li').count()).toBeGreaterThan(100);
    // It is gone when the last click has brought the first message.
    while (await earlier.isVisible()) await earlier.click({ timeout: 2000 }).catch(() => undefined);
    await page.getByText(story).waitFor();
  });
});

describe('Safety', () => {
  it('an injected script is not run', async () => {
    const { page, complaints } = citizen;
    await openChat(page, stage.server.url);
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.broken = true';
      document.body.append(script);
      return 'broken' in window;
    });
    expect(ran).toBe(false);
    await expect.poll(() => complaints.join()).toContain('Content Security Policy');
    (complaints as string[]).length = 0;
  });

  it('what people and models write is text', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(
      page,
      '<img src=x onerror="window.broken=true"> ![x](https://evil.example/p.png) <script>window.broken=true</script>',
    );
    expect(await page.locator('.messages img').count()).toBe(0);
    expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  });

  it.each(['/', '/chat/', '/track/', '/data/', '/exit/', '/nothing/', '/kri/', '/lite/', '/lite/chat'])(
    'the title of %s tells nothing of complaints',
    async (path) => {
      await citizen.page.goto(stage.server.url + path);
      expect(await citizen.page.title()).not.toMatch(/complain|kɔmplen|ombudsman|ɔmbudsman/i);
    },
  );

  it('the chat can be removed where number and key are shown', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await fileComplaint(page);
    await page.getByRole('button', { name: 'Remove this chat from this phone' }).click();
    await page.getByRole('button', { name: 'Yes, remove it' }).click();
    await page.getByText('The chat is removed from this phone.').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect(await page.locator('.groups').count()).toBe(0);
  });

  it('an open chat is shown on the start page, and can be removed there', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await fileComplaint(page);
    await page.goto(stage.server.url);
    await page.getByText('You have an open conversation on this phone.').waitFor();
    await page.getByRole('button', { name: 'Remove this chat from this phone' }).click();
    await page.getByText('The chat is removed from this phone.').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('The chat is removed');
  });
});

it('a complaint is filed where the browser forbids storage, and the page says that it keeps nothing', async () => {
  const { page } = citizen;
  await page.addInitScript(() => {
    Object.defineProperty(window, 'sessionStorage', {
      get: () => {
        throw new DOMException('Forbidden', 'SecurityError');
      },
    });
  });
  await openChat(page, stage.server.url);
  await say(page, story);
  await page.getByText('This phone does not keep what waits to be sent.').waitFor();
  await say(page, 'submit');
  const { number } = await confirm(page);
  expect(number).toMatch(/^OMB(-[0-9A-Z]{4}){3}$/);
});

it('what is written without a connection waits, and is sent once when it is back', async () => {
  const { page } = citizen;
  const lone = await startSite();
  await openChat(page, lone.url);
  await say(page, story);
  await lone.stopServer();
  await page.locator('.connection-backoff').waitFor();
  await write(page, 'still here');
  await page.locator('.messages > .msg-citizen').last().getByText('Waiting').waitFor();
  await lone.drop();
});

it('says at once that the network has gone, and sends what was written when it is back', async () => {
  const { page, context } = citizen;
  await openChat(page, stage.server.url);
  await say(page, story);
  await context.setOffline(true);
  await page.getByText('No connection.').waitFor({ timeout: 20_000 });
  await write(page, 'still here');
  const last = page.locator('.messages > .msg-citizen').last();
  await last.getByText('Waiting').waitFor();
  await context.setOffline(false);
  await last.getByText('Received', { exact: true }).waitFor();
});
