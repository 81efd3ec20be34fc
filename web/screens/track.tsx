import type { ReactElement } from 'react';
import { Track } from '../components/track/track';
import { languages, type Language } from '../lib/words';
import { Shell } from './shell';

/** Look-up by number; with the access key, the case. The number never stands in an address. */
export const TrackScreen = ({ language }: { readonly language: Language }): ReactElement => (
  <Shell language={language} page="track/">
    <Track language={language} words={languages[language].words.track} answerWords={languages[language].words.check} />
  </Shell>
);
