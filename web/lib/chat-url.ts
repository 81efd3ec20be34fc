/** Where browsers reach the chat server, when it is not the server of this page. Set at build time. */
export const CHAT_URL = process.env.NEXT_PUBLIC_WS_URL;
