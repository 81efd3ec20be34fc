'use client';

import type { ReactElement } from 'react';

const words = {
  en: {
    heading: 'This page has stopped',
    kept: 'What you sent is kept, and so is what you were writing.',
    again: 'Load the page again',
  },
  kri: {
    heading: 'Dis pej dɔn stɔp',
    kept: 'Wetin yu sɛn de kip, ɛn wetin yu bin de rayt de kip bak.',
    again: 'Opin di pej bak',
  },
};

/** In place of Next's own page after a fault in a script: that one speaks English only and not of what was written. */
const Crash = (): ReactElement => {
  const lang = document.documentElement.lang === 'kri' ? 'kri' : 'en';
  const { heading, kept, again } = words[lang];
  return (
    <html lang={lang}>
      <body>
        <main>
          <h1>{heading}</h1>
          <p>{kept}</p>
          <p>
            <a className="button" href="">
              {again}
            </a>
          </p>
        </main>
      </body>
    </html>
  );
};

export default Crash;
