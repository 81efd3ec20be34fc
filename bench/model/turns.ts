import OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import WebSocket from 'ws';
import { openSession, socketUrl } from '../resume/driver/v1-citizen.js';

/** Milliseconds of one answer. */
export interface Timed {
  /** From asking to the first text. */
  readonly first: number;
  /** From asking to the end; for a turn of ours: to the durable reply. */
  readonly total: number;
}

interface Frame {
  readonly type: string;
  readonly data: { readonly role?: string; readonly inReplyTo?: string };
}

/** A citizen on `leoma.chat.v1` who is welcome and has said nothing yet. */
export interface Speaker {
  /** Says something and hears the whole reply. */
  say(text: string): Promise<Timed>;
  close(): void;
}

const LONGEST_MS = 120_000;

/** Opens a conversation of its own. */
export const openSpeaker = async (baseUrl: string): Promise<Speaker> => {
  const { token } = await openSession(baseUrl);
  const socket = new WebSocket(socketUrl(baseUrl), ['leoma.chat.v1']);
  const listeners = new Set<(frame: Frame) => void>();
  socket.on('message', (raw: Buffer) => {
    const frame = JSON.parse(raw.toString('utf8')) as Frame;
    for (const listener of listeners) listener(frame);
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const welcome = new Promise<void>((resolve) => {
    const listener = ({ type }: Frame): void => {
      if (type !== 'welcome') return;
      listeners.delete(listener);
      resolve();
    };
    listeners.add(listener);
  });
  const client = { name: 'bench', version: '1' };
  socket.send(JSON.stringify({ type: 'hello', data: { token, resume: null, client, want: ['delta'] } }));
  await welcome;
  const say = (text: string): Promise<Timed> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('No reply came')), LONGEST_MS);
      const at = performance.now();
      let first: number | undefined;
      const listener = ({ type, data }: Frame): void => {
        if (type === 'delta') first ??= performance.now() - at;
        if (type !== 'message' || data.role !== 'agent') return;
        clearTimeout(timer);
        listeners.delete(listener);
        const total = performance.now() - at;
        resolve({ first: first ?? total, total });
      };
      listeners.add(listener);
      socket.send(JSON.stringify({ type: 'message', id: 'm-1', data: { message: text } }));
    });
  return { say, close: () => socket.terminate() };
};

/** Asks a model server with its client library alone: the same body, nothing around it. */
export const createBareCall = (url: string, body: string): (() => Promise<Timed>) => {
  const client = new OpenAI({ apiKey: 'none', baseURL: url, maxRetries: 0 });
  const parameters = JSON.parse(body) as ChatCompletionCreateParamsStreaming;
  return async () => {
    const at = performance.now();
    let first: number | undefined;
    for await (const chunk of await client.chat.completions.create(parameters))
      if ((chunk.choices[0]?.delta.content ?? '') !== '') first ??= performance.now() - at;
    const total = performance.now() - at;
    return { first: first ?? total, total };
  };
};
