'use client';

export { ChatInterface, ChatView, type ChatInterfaceProps, type ChatViewProps } from './chat-interface.js';
export { englishStrings, type ChatStrings } from './strings.js';
export { useWebSocket, type Chat, type HookMessage, type UseWebSocketOptions } from './use-websocket.js';
