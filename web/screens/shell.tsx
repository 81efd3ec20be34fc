import type { ReactElement, ReactNode } from 'react';
import { languageList, languages, pageIn, type Language } from '../lib/words';

/** Where "Exit this page" leads: any page that nobody wonders about. Set at build time. */
const EXIT_URL = process.env.NEXT_PUBLIC_EXIT_URL ?? 'https://www.bbc.com/weather';

interface ShellProps {
  readonly language: Language;
  /** The page's path below its language: `''` or `chat/`. */
  readonly page: string;
  readonly children: ReactNode;
  /** The chat fills the view and has no footer before its composer. */
  readonly bare?: boolean;
}

const LanguageSwitch = ({ language, page }: Pick<ShellProps, 'language' | 'page'>): ReactElement => (
  <nav className="languages" aria-label={languages[language].words.site.language}>
    <ul>
      {languageList.map((other) => (
        <li key={other}>
          <a
            href={pageIn(other, page)}
            lang={other}
            hrefLang={other}
            aria-current={other === language ? 'true' : undefined}
          >
            {languages[other].name}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

const Footer = ({ language }: Pick<ShellProps, 'language'>): ReactElement => {
  const { site } = languages[language].words;
  return (
    <footer className="footer">
      <div className="inner">
        <h2 className="footer-heading">{site.help}</h2>
        <p>{site.helpText}</p>
        <ul className="footer-links">
          <li>
            <a href={pageIn(language, '')}>{site.footerStart}</a>
          </li>
          <li>
            <a href={pageIn(language, 'data/')}>{site.footerData}</a>
          </li>
          <li>
            <a href={pageIn(language, 'exit/')}>{site.footerExit}</a>
          </li>
          <li>
            <a href={language === 'en' ? '/lite/' : `/lite/?lang=${language}`}>{site.footerLite}</a>
          </li>
        </ul>
        {site.draft === '' ? null : <p className="draft">{site.draft}</p>}
      </div>
    </footer>
  );
};

/** What every page has, in the same places: name of the office, languages, the way out, help. */
export const Shell = ({ language, page, children, bare = false }: ShellProps): ReactElement => {
  const { site } = languages[language].words;
  return (
    <div className={bare ? 'page page-chat' : 'page'}>
      <a className="skip" href="#content">
        {site.skip}
      </a>
      <header className="header">
        <div className="inner header-row">
          <a className="office" href={pageIn(language, '')}>
            {site.name}
          </a>
          <LanguageSwitch language={language} page={page} />
          <a className="exit" href={EXIT_URL} rel="nofollow noreferrer" data-exit title={site.exitHint}>
            {site.exit}
          </a>
        </div>
      </header>
      <main id="content" className="inner content" tabIndex={-1}>
        {children}
      </main>
      <Footer language={language} />
    </div>
  );
};
