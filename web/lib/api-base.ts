import { CHAT_URL } from './chat-url';

/** Where the HTTP API is: this page's own server, or that of the WebSocket. */
export const apiBase = (): string => CHAT_URL?.replace(/^ws/, 'http').replace(/\/$/, '') ?? '';
