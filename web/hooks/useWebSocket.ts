'use client';

import { useWebSocket as useClient, type Chat, type UseWebSocketOptions } from '@citizen-interface/client/react';
import { CHAT_URL } from '../lib/chat-url';

/**
 * The chat for a component: `{ isConnected, sendMessage, messages, error, sessionId, … }`. Resumes, keeps what waits, and never
 * doubles (client/README.md).
 * @param url `ws(s)://host` of the chat server; default: `NEXT_PUBLIC_WS_URL`, or this page's own server
 */
export const useWebSocket = (url: string | undefined = CHAT_URL, options?: UseWebSocketOptions): Chat =>
  useClient(url, options);
