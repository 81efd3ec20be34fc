import { END, type AllStreamResolvedEvent } from '@eventstore/db-client';
import type { Generation } from './connection.js';
import { persistently } from './persistently.js';
import { cutOff, pull } from './pull.js';
import type { Head, Reading } from './reader.js';

/** Events of the server that are looked at in one go; more and more, where others write much. */
const PAGES = [1, 16, 256, 4096] as const;

/** What a look at the end of the server's log found. */
export interface Looked {
  /** The last event of ours. */
  readonly head: Head | undefined;
  /** Place of the newest event of the server, anybody's, that was there then. */
  readonly to: bigint;
}

/**
 * Finds the last event of this log: the end of $all, read backwards past what is not ours, down to what was looked at before.
 * So only the first look is long, on a server where others have written much since.
 */
export const createHeadReader = (reading: Reading): (() => Promise<Looked>) => {
  const { connection, prefix, timeoutMs, logger } = reading;
  let looked: Looked = { head: undefined, to: -1n };

  const look = async (before: Looked): Promise<Looked> => {
    const at: { from?: { commit: bigint; prepare: bigint }; to?: bigint; size: number } = { size: 0 };
    async function* part({ client, gone, heard }: Generation): AsyncGenerator<Head | undefined, boolean> {
      const maxCount = PAGES[Math.min(at.size++, PAGES.length - 1)] ?? 1;
      const source = client.readAll({
        direction: 'backwards',
        fromPosition: at.from ?? END,
        maxCount,
        requiresLeader: true,
      });
      let given = 0;
      const items = pull<AllStreamResolvedEvent>(source, () => source.cancel(), { idleMs: timeoutMs, stops: [gone] });
      for await (const item of items) {
        heard.at = performance.now();
        const event = item.event ?? item.link;
        if (event === undefined) continue;
        given += 1;
        at.from = event.position;
        at.to ??= event.position.commit;
        if (event.position.commit <= before.to) {
          yield before.head;
          return false;
        }
        if (!event.streamId.startsWith(prefix)) continue;
        yield { position: event.position.commit, recordedAt: event.created.toISOString(), type: event.type };
        return false;
      }
      // A client that is put away ends its reads as if all had been given: the log would seem to be empty.
      if (gone.aborted) throw cutOff();
      return given === maxCount;
    }
    for await (const head of persistently(connection, part, { logger, giveUpMs: timeoutMs })) {
      return { head, to: at.to ?? before.to };
    }
    return { head: undefined, to: at.to ?? before.to };
  };

  return async () => {
    const found = await look(looked);
    if (found.to > looked.to) looked = found;
    return found;
  };
};
