import { readFile } from 'node:fs/promises';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChatView, type Chat } from '../../client/src/react/index.js';
import { createCitizenClient } from '../../client/src/index.js';
import { startBrowser } from './support/browser.js';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

/** A conversation with everything that takes room: no connection, an error, many suggestions. */
const crowded = (): string => {
  const client = createCitizenClient();
  const labels = ['Yes, that is right', 'No, change something', 'I want to stay anonymous', 'Stop'];
  const data = { message: 'Is that right? '.repeat(40), sessionId: null, media: [], quickReplies: [] };
  const last = { ...data, quickReplies: labels.map((label) => ({ label, send: label })) };
  const message = { type: 'message', role: 'agent', state: 'received', at: '2026-01-01T00:00:00Z' } as const;
  const chat: Chat = {
    client,
    snapshot: { ...client.getSnapshot(), phase: 'backoff' },
    isConnected: false,
    sendMessage: () => null,
    messages: [
      { ...message, id: 'a', data },
      { ...message, id: 'b', data: last },
    ],
    error: 'The file is too large.',
    sessionId: null,
    status: 'backoff',
    typing: false,
    streaming: null,
    retry: () => undefined,
    conversation: { state: null, trackingNumber: null },
  };
  return renderToStaticMarkup(createElement(ChatView, { chat }));
};

test.each([
  [320, 500],
  [640, 320],
  [320, 256],
  [375, 667],
  [1280, 800],
])(
  'on a screen of %i x %i the chat draws nothing outside of its box and every part can be reached',
  async (width, height) => {
    const page = await browser.newPage({ viewport: { width, height } });
    const css = await readFile(new URL('../../client/chat.css', import.meta.url), 'utf8');
    await page.setContent(
      `<!doctype html><style>body{margin:0}${css}</style>${crowded()}<p id="next">What follows</p>`,
    );
    if (process.env['BOX_SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['BOX_SHOTS']}/${width}x${height}.png` });
    const seen = await page.evaluate(() => {
      const chat = document.querySelector('.ci-chat')!;
      const scroll = document.querySelector('.ci-scroll')!;
      document.querySelector('[type=submit]')!.scrollIntoView({ block: 'nearest' });
      const send = document.querySelector('[type=submit]')!.getBoundingClientRect();
      return {
        boxEndsBefore:
          chat.getBoundingClientRect().bottom <= document.querySelector('#next')!.getBoundingClientRect().top,
        sendInBox: send.bottom <= chat.getBoundingClientRect().bottom,
        sendOnTop: document.elementFromPoint(send.x + 9, send.y + 9)?.matches('[type=submit]'),
        sideways: document.documentElement.scrollWidth > innerWidth || chat.scrollWidth > chat.clientWidth,
        room: scroll.clientHeight >= 64,
      };
    });
    await page.close();
    expect(seen).toEqual({ boxEndsBefore: true, sendInBox: true, sendOnTop: true, sideways: false, room: true });
  },
);
