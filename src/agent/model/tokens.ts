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
  // By index: it runs over a whole prompt before every call, and walking by letters takes several times as long.
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 128) plain += 1;
    // The second half of a letter is no letter of its own.
    else if (code < 0xdc00 || code > 0xdfff) other += 1;
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

const ofTools = new WeakMap<readonly ToolDefinition[], number>();

/** Counted once for each catalogue: it is the same for every call. */
export const tokensOfTools = (tools: readonly ToolDefinition[]): number => {
  const known = ofTools.get(tools);
  if (known !== undefined) return known;
  const tokens = tokensOf(JSON.stringify(tools));
  ofTools.set(tools, tokens);
  return tokens;
};
