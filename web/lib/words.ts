import en from '../texts/en.json' with { type: 'json' };
import kri from '../texts/kri.json' with { type: 'json' };

// Read by server components only: each page is given the words that it shows, in its own language, and no other.

export type Language = 'en' | 'kri';
export type Words = typeof en;

interface LanguageInfo {
  readonly words: Words;
  /** As its speakers call it. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** Before the path of every page in it. */
  readonly base: '' | '/kri';
}

/** Every language of the pages. A new one is a file in `texts/`, an entry here and a folder in `app/`. */
export const languages: Readonly<Record<Language, LanguageInfo>> = {
  en: { words: en, name: 'English', dir: 'ltr', base: '' },
  kri: { words: kri satisfies Words, name: 'Krio', dir: 'ltr', base: '/kri' },
};

export const languageList = Object.keys(languages) as readonly Language[];

/** Address of a page in a language; `page` is `''` or ends in a slash. */
export const pageIn = (language: Language, page: string): string => `${languages[language].base}/${page}`;
