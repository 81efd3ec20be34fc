import { createRequire } from 'node:module';

// A page in jsdom: real HTML, real scripts, real sockets; no layout, no CORS and no CSP (those are tested on the answers).

/** The little of a browser's types that is used here; the server's tests are compiled without the DOM's. */
interface PageElement {
  readonly textContent: string;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  dispatchEvent(event: object): boolean;
  click(): void;
}
interface PageWindow {
  readonly document: {
    querySelector(selector: string): PageElement | null;
    querySelectorAll(selector: string): Iterable<PageElement>;
  };
  readonly HTMLTextAreaElement: { readonly prototype: object };
  readonly Event: new (name: string, init: object) => object;
  close(): void;
}
interface JsdomModule {
  readonly JSDOM: { fromURL(url: string, options: object): Promise<{ readonly window: PageWindow }> };
  readonly VirtualConsole: new () => { on(event: 'jsdomError' | 'error', listener: (error: unknown) => void): void };
}

const { JSDOM, VirtualConsole } = createRequire(import.meta.url)('jsdom') as JsdomModule;

/** What Node has and jsdom has not. */
const lent = {
  ...{ TextEncoder, TextDecoder, ReadableStream, TransformStream, WritableStream, structuredClone, MessageChannel },
  ...{ Request, Response, Headers },
};

export interface OpenPage {
  /** Text of the first element that fits; empty when there is none. */
  readonly text: (selector: string) => string;
  /** Texts of all elements that fit. */
  readonly texts: (selector: string) => readonly string[];
  /** A `data-` value of the first element that fits. */
  readonly data: (selector: string, name: string) => string | undefined;
  /** What the page complained about. */
  readonly errors: readonly string[];
  /** Writes into the text box as a person would and presses the form's last button. */
  readonly say: (text: string) => void;
  readonly click: (selector: string) => void;
  readonly close: () => void;
}

/** Opens a page and runs its scripts; its requests carry its Origin, as a browser's do. */
export const openPage = async (url: string, cookie = ''): Promise<OpenPage> => {
  const errors: string[] = [];
  const virtualConsole = new VirtualConsole();
  for (const event of ['jsdomError', 'error'] as const) {
    virtualConsole.on(event, (error) => errors.push(error instanceof Error ? error.message : String(error)));
  }
  const { origin } = new URL(url);
  const fetchAsPage = (to: string | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('origin', origin);
    if (new URL(to, url).origin === origin) headers.set('cookie', cookie);
    // Node does not take the signals of jsdom.
    return fetch(new URL(to, url), { ...init, headers, signal: null });
  };
  const { window } = await JSDOM.fromURL(url, {
    ...{ runScripts: 'dangerously', resources: 'usable', pretendToBeVisual: true, virtualConsole },
    beforeParse: (page: object) => Object.assign(page, lent, { fetch: fetchAsPage }),
  });
  const { document } = window;
  return {
    errors,
    text: (selector) => document.querySelector(selector)?.textContent ?? '',
    texts: (selector) => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent),
    data: (selector, name) => document.querySelector(selector)?.dataset[name],
    say: (text) => {
      const box = document.querySelector('textarea')!;
      // React listens to the native setter.
      Object.getOwnPropertyDescriptor(window.HTMLTextAreaElement.prototype, 'value')?.set?.call(box, text);
      box.dispatchEvent(new window.Event('input', { bubbles: true }));
      [...document.querySelectorAll('form button')].at(-1)!.click();
    },
    click: (selector) => document.querySelector(selector)!.click(),
    close: () => window.close(),
  };
};
