import type { ChatMessage, ToolDefinition } from './chat-model.js';

/** Every message costs some tokens around its text. */
const PER_MESSAGE = 4;

/**
 * About how many tokens a text has: a quarter of its Latin characters, more for other letters (Krio writes ɛ, ɔ, ŋ, which cost
 * one to two tokens each). An estimate on the high side; no model's own count.
 */
export const tokensOf = (text: string): number => {
  let plain = 0;
  let other = 0;
  for (const letter of text) {
    if (letter.charCodeAt(0) < 128) plain += 1;
    else other += 1;
  }
  return Math.ceil(plain / 4 + other * 1.5);
};

export const tokensOfMessage = (message: ChatMessage): number => {
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  return (
    PER_MESSAGE +
    tokensOf(message.content) +
    calls.reduce((sum, { name, argumentsText }) => sum + PER_MESSAGE + tokensOf(name) + tokensOf(argumentsText), 0)
  );
};

export const tokensOfTools = (tools: readonly ToolDefinition[]): number => tokensOf(JSON.stringify(tools));
