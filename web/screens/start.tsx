import type { ReactElement } from 'react';
import { languages, pageIn, type Language } from '../lib/words';
import { Shell } from './shell';

/** The first page: what can be done here. It works without any script; `/small.js` shows an open conversation. */
export const StartScreen = ({ language }: { readonly language: Language }): ReactElement => {
  const { start } = languages[language].words;
  const ways = [
    { href: pageIn(language, 'chat/'), name: start.file, text: start.fileText, main: true },
    { href: pageIn(language, 'track/'), name: start.track, text: start.trackText, main: false },
    { href: `${pageIn(language, 'chat/')}#ask`, name: start.ask, text: start.askText, main: false },
    { href: pageIn(language, 'data/'), name: start.data, text: start.dataText, main: false },
  ];
  return (
    <Shell language={language} page="">
      <div className="notice" data-open-chat hidden>
        <p>{start.resume}</p>
        <p className="row">
          <a className="button" href={pageIn(language, 'chat/')}>
            {start.resumeGo}
          </a>
          <button type="button" className="button quiet" data-forget>
            {start.forget}
          </button>
        </p>
      </div>
      <p className="notice" role="status" tabIndex={-1} data-forgotten hidden>
        {start.forgotten}
      </p>
      <h1>{start.heading}</h1>
      <p className="lead">{start.lead}</p>
      <ul className="ways">
        {ways.map(({ href, name, text, main }) => (
          <li key={href} className={main ? 'way way-main' : 'way'}>
            <a href={href}>{name}</a>
            <p>{text}</p>
          </li>
        ))}
      </ul>
      <p className="aside">{start.danger}</p>
      <p className="aside">
        {start.lite} <a href={language === 'en' ? '/lite/' : `/lite/?lang=${language}`}>{start.liteLink}</a>.{' '}
        {start.liteText}
      </p>
    </Shell>
  );
};
