import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { MAX_WORD_BYTES, type Broadcast } from '../broadcast.js';
import { createDedicatedConnection } from './dedicated-connection.js';
import { within } from '../waiting.js';

export interface PostgresBroadcastOptions {
  /** Its settings are used; the connection is one of its own. */
  readonly pool: pg.Pool;
  /** Processes with the same log and the same key hear each other. */
  readonly logId: string;
  /** 32 bytes. Words are sealed: the database may put notices on its disk, and may log what it is sent. */
  readonly key: Buffer;
  readonly debug: (error: unknown, message: string) => void;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const RELISTEN_MS = 200;
/** Words that wait for a slow database; more are lost. */
const MAX_WAITING_BYTES = 1024 * 1024;
const PAYLOADS_AT_ONCE = 32;
const LAST_WORDS_MS = 200;

const seal = (key: Buffer, logId: string, text: string): string => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(logId));
  const body = [cipher.update(text, 'utf8'), cipher.final()];
  return Buffer.concat([iv, ...body, cipher.getAuthTag()]).toString('base64');
};

/** @throws when it was sealed with another key, for another log, or not at all */
const open = (key: Buffer, logId: string, sealed: string): string => {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(logId)).setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
};

/** Takes words from the front of the row, as many as one notice holds, and gives them as JSON. */
const takePayload = (waiting: string[]): string => {
  const taken: string[] = [];
  let bytes = 2;
  for (let [word] = waiting; word !== undefined; [word] = waiting) {
    bytes += Buffer.byteLength(word) + 1;
    if (taken.length > 0 && bytes > MAX_WORD_BYTES) break;
    taken.push(word);
    waiting.shift();
  }
  return `[${taken.join()}]`;
};

/**
 * Words by NOTIFY, sealed. While one statement is under way, further words gather and go with the next; a database that cannot
 * be reached loses words, and nobody waits for it.
 */
export const createPostgresBroadcast = ({ pool, logId, key, debug }: PostgresBroadcastOptions): Broadcast => {
  const channel = `moment_${logId.replaceAll('-', '')}`;
  const listeners = new Set<(word: string) => void>();
  /** As JSON. */
  const waiting: string[] = [];
  let waitingBytes = 0;
  let sending: Promise<void> | null = null;
  let relisten: NodeJS.Timeout | undefined;
  let stopped = false;

  const take = (payload: string): void => {
    try {
      const words = JSON.parse(open(key, logId, payload)) as readonly string[];
      for (const word of words) for (const listener of listeners) listener(word);
    } catch (error) {
      debug(error, 'A notice of another process could not be read');
    }
  };
  const connection = createDedicatedConnection({
    pool,
    label: 'moment',
    pipeline: false,
    setUp: async (client) => {
      const own = (client as unknown as { readonly processID: number }).processID;
      client.on('notification', ({ processId, payload }) => {
        if (processId !== own && payload !== undefined) take(payload);
      });
      await client.query(`LISTEN ${channel}`);
    },
    onLost: (error) => {
      debug(error, 'The connection to other processes was lost');
      listen(RELISTEN_MS);
    },
  });
  const listen = (afterMs: number): void => {
    if (stopped || relisten !== undefined) return;
    relisten = setTimeout(() => {
      relisten = undefined;
      // What fails comes back through `onLost`.
      connection.get().catch(() => undefined);
    }, afterMs);
  };

  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const payloads: string[] = [];
      while (waiting.length > 0 && payloads.length < PAYLOADS_AT_ONCE) {
        payloads.push(seal(key, logId, takePayload(waiting)));
      }
      waitingBytes = waiting.reduce((sum, word) => sum + word.length, 0);
      try {
        const text = 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload';
        await (await connection.get()).query(text, [channel, payloads]);
      } catch (error) {
        debug(error, 'Other processes could not be told');
      }
    }
    sending = null;
  };

  listen(0);
  return {
    tell: (word) => {
      const json = JSON.stringify(word);
      if (stopped || Buffer.byteLength(json) > MAX_WORD_BYTES || waitingBytes > MAX_WAITING_BYTES) return;
      waiting.push(json);
      waitingBytes += json.length;
      sending ??= send();
    },
    hear: (listener) => void listeners.add(listener),
    stop: async () => {
      stopped = true;
      clearTimeout(relisten);
      // The last words (replies that were put off) should still go out; nobody waits long for them.
      await within(sending ?? Promise.resolve(), LAST_WORDS_MS, () => new Error('late')).catch(() => undefined);
      waiting.length = 0;
      listeners.clear();
      await connection.end();
    },
  };
};
