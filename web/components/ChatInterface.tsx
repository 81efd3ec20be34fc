'use client';

import { ChatInterface as Chat, type ChatInterfaceProps } from '@citizen-interface/client/react';
import { CHAT_URL } from '../lib/chat-url';

/** The ready-made chat of the client library, at this site's chat server. Everything about it: client/README.md. */
export const ChatInterface = ({ url = CHAT_URL, ...look }: ChatInterfaceProps) => (
  <Chat {...(url === undefined ? {} : { url })} {...look} />
);
