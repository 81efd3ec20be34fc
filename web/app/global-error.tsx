'use client';

import type { ReactElement } from 'react';

const en = ['This page has stopped', 'What you sent is kept, and so is what you were writing.', 'Load the page again'];
const kri = ['Dis pej dɔn stɔp', 'Wetin yu sɛn ɛn wetin yu bin de rayt de kip.', 'Opin di pej bak'];

/** In place of Next's own page after a fault in a script: that one speaks English only and not of what was written. */
const Crash = (): ReactElement => {
  const { lang } = document.documentElement;
  const [heading, kept, again] = lang === 'kri' ? kri : en;
  return (
    <html lang={lang}>
      <body>
        <h1>{heading}</h1>
        <p>{kept}</p>
        <a href="">{again}</a>
      </body>
    </html>
  );
};

export default Crash;
