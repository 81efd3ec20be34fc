import type { ReactElement } from 'react';
import { Conversation } from '../components/chat/conversation';
import { languages, pageIn, type Language } from '../lib/words';
import { Shell } from './shell';

/** The conversation with its two sub-pages, the check and the number. */
export const ChatScreen = ({ language }: { readonly language: Language }): ReactElement => {
  const { chat, connection, files, check, filed } = languages[language].words;
  return (
    <Shell language={language} page="chat/" bare>
      <Conversation
        language={language}
        words={{ chat, connection, files, check, filed }}
        trackHref={pageIn(language, 'track/')}
      />
      <noscript>
        <p className="notice">
          <a href={language === 'en' ? '/lite/chat' : `/lite/chat?lang=${language}`}>
            {languages[language].words.site.footerLite}
          </a>
        </p>
      </noscript>
    </Shell>
  );
};
