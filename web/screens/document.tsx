import type { Metadata, Viewport } from 'next';
import { connection } from 'next/server';
import type { ReactElement, ReactNode } from 'react';
import { languages, type Language } from '../lib/words';

/**
 * The root of every page in a language. `/small.js` is the way out (Exit this page) and what needs no framework: it comes before
 * all other scripts (`scripts/finish.mjs` puts it first), and nothing waits for it.
 */
export const Document = async ({
  language,
  children,
}: {
  readonly language: Language;
  readonly children: ReactNode;
}): Promise<ReactElement> => {
  // The nonce of a Next server's policy (proxy.ts) is another one for each request, so its pages are made for each.
  if (process.env.WEB_OUTPUT === 'server') await connection();
  return (
    <html lang={language} dir={languages[language].dir}>
      <body>
        {children}
        <script src="/small.js" async fetchPriority="high" />
      </body>
    </html>
  );
};

/** Titles stay neutral: a list of open tabs or a history must not tell that somebody complains. */
export const metadataFor = (title: string, language: Language): Metadata => ({
  title: `${title} · ${languages[language].words.site.title}`,
  robots: { index: false },
  referrer: 'no-referrer',
  icons: { icon: '/icon.svg' },
  formatDetection: { telephone: false, email: false, address: false },
});

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f4ec' },
    { media: '(prefers-color-scheme: dark)', color: '#12191a' },
  ],
};
