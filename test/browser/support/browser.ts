import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

/** Debian's packages, Ubuntu's and Google's; `CHROMIUM_PATH` names any other. */
const places = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Keeps the browser from talking to anybody by itself. */
const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-component-update', '--disable-sync'];

/**
 * Starts Chromium.
 * @throws Error that says how to get it, when there is none
 */
export const startBrowser = (): Promise<Browser> => {
  const executablePath = places.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined)
    throw new Error(
      'No Chromium was found. The browser tests need one: `apt-get install chromium` (Debian), or set CHROMIUM_PATH to its program.',
    );
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking', ...quiet] });
};

/** A phone or a desk, watched: what it asks of whom, and what its pages complain about. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests to any other machine. */
  readonly foreign: readonly string[];
  /** Errors of scripts and violations of the policy. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

const isOurs = (address: string): boolean =>
  /^(http|ws)s?:\/\/(127\.0\.0\.1|localhost)[:/]/.test(address) || /^(data|blob|about):/.test(address);

/** Network errors are what these tests make on purpose. */
const isExpected = (text: string): boolean =>
  /net::ERR_|Failed to load resource|WebSocket connection to|WebSocket is closed/.test(text);

/** A new visitor with nothing remembered, who speaks English on a phone unless said otherwise. */
export const visit = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> => {
  const context = await browser.newContext({ viewport: { width: 390, height: 780 }, ...options });
  const foreign: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    if (!isOurs(request.url())) foreign.push(request.url());
  });
  context.on('page', (page) => {
    page.on('websocket', (socket) => {
      if (!isOurs(socket.url())) foreign.push(socket.url());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !isExpected(text)) complaints.push(text);
    });
  });
  const page = await context.newPage();
  return { context, page, foreign, complaints, close: () => context.close() };
};
