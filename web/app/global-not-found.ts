// Of the Next server only: our own server sends the exported page `missing/` for addresses that are not there.
import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { languages, type Language } from '../lib/words';
import { Document, metadataFor, viewport } from '../screens/document';
import { MissingScreen } from '../screens/plain';
import '../styles/site.css';

/** As the address has it (proxy.ts). */
const languageAsked = async (): Promise<Language> =>
  (await headers()).get('x-page-language') === 'kri' ? 'kri' : 'en';

const NotFound = async () => {
  const language = await languageAsked();
  return Document({ language, children: MissingScreen({ language }) });
};

const generateMetadata = async (): Promise<Metadata> => {
  const language = await languageAsked();
  return metadataFor(languages[language].words.missing.title, language);
};

export { generateMetadata, viewport };
export default NotFound;
