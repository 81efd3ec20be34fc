/** Value of a hidden field. */
export const fieldIn = (page: string, name: string): string =>
  new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(page)?.[1] ?? '';

/** As much of a browser without scripts as the light pages need: a cookie, a form, redirects. */
export const createLiteBrowser = (url: string, { keepsCookies = true } = {}) => {
  const cookies = new Map<string, string>();
  let page = '';
  const cookie = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const keep = async (response: Response): Promise<Response> => {
    for (const set of keepsCookies ? response.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(set) ?? [];
      if (set.includes('Max-Age=0')) cookies.delete(name);
      else cookies.set(name, value);
    }
    page = await response.clone().text();
    return response;
  };
  const go = async (address: string): Promise<Response> =>
    keep(await fetch(url + address, { headers: { cookie: cookie() } }));
  const post = async (
    address: string,
    fields: Readonly<Record<string, string | Blob>>,
    headers: Readonly<Record<string, string>> = { 'sec-fetch-site': 'same-origin' },
  ): Promise<Response> => {
    const form = new FormData();
    for (const name of ['lang', 'token', 'id']) form.set(name, fieldIn(page, name));
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const request = {
      method: 'POST',
      headers: { cookie: cookie(), ...headers },
      body: form,
      redirect: 'manual',
    } as const;
    const response = await keep(await fetch(url + address, request));
    const next = response.headers.get('location');
    return next === null ? response : go(next);
  };
  return { go, post, page: () => page, cookie, loseCookies: () => cookies.clear() };
};

export const story = 'The clinic in my town refused to treat my child without a bribe. It was on Monday in Bo.';

/** Files a complaint by the forms; gives the browser that did it, the number and the key. */
export const fileByForm = async (url: string) => {
  const browser = createLiteBrowser(url);
  await browser.go('/lite/chat');
  await browser.post('/lite/chat', { message: story });
  await browser.post('/lite/chat', { quick: 'submit' });
  await browser.post('/lite/chat', { quick: 'yes' });
  const [number = '', key = ''] = [
    ...browser
      .page()
      .replace(/<\/?(span|wbr)>/g, '')
      .matchAll(/<b>([0-9A-Z-]+)<\/b>/g),
  ].map(([, text]) => text);
  return { browser, number, key };
};
