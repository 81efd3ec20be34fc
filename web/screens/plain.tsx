import type { ReactElement } from 'react';
import { languages, pageIn, type Language } from '../lib/words';
import { Shell } from './shell';

interface Section {
  readonly heading: string;
  readonly text: string;
}

const Sections = ({ sections }: { readonly sections: readonly Section[] }): ReactElement => (
  <>
    {sections.map(({ heading, text }) => (
      <section key={heading} className="section">
        <h2>{heading}</h2>
        <p>{text}</p>
      </section>
    ))}
  </>
);

/** What happens to what a citizen writes. */
export const DataScreen = ({ language }: { readonly language: Language }): ReactElement => {
  const { data } = languages[language].words;
  return (
    <Shell language={language} page="data/">
      <h1>{data.heading}</h1>
      <Sections sections={data.sections} />
    </Shell>
  );
};

/** What "Exit this page" does, and what it cannot do. */
export const ExitScreen = ({ language }: { readonly language: Language }): ReactElement => {
  const { exit } = languages[language].words;
  return (
    <Shell language={language} page="exit/">
      <h1>{exit.heading}</h1>
      <Sections sections={exit.sections} />
      <section className="section" data-open-chat hidden>
        <h2>{exit.forgetHeading}</h2>
        <p>{exit.forgetText}</p>
        <button type="button" className="button" data-forget>
          {exit.forget}
        </button>
      </section>
      <p className="notice" role="status" data-forgotten hidden>
        {exit.forgotten}
      </p>
    </Shell>
  );
};

/** For addresses that are not there; the server sends it with 404. */
export const MissingScreen = ({ language }: { readonly language: Language }): ReactElement => {
  const { missing } = languages[language].words;
  return (
    <Shell language={language} page="">
      <h1>{missing.heading}</h1>
      <p className="lead">{missing.text}</p>
      <p>
        <a className="button" href={pageIn(language, '')}>
          {missing.link}
        </a>
      </p>
    </Shell>
  );
};
