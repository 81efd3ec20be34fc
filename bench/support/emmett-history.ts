import pg from 'pg';
import type { EventLog } from '../../src/events/event-log.js';
import { startEmmettRebuild } from './emmett.js';

export interface EmmettHistory {
  readonly events: number;
  /** Rebuilds; `peakBytes` is the most memory that the process of all rebuilds so far has held. */
  rebuild(): Promise<{ readonly ms: number; readonly peakBytes: number }>;
  close(): Promise<void>;
}

/**
 * The first events of a log, in an Emmett store in a database of its own on the same server.
 * @param url of any database of the server
 */
export async function emmettHistory(url: string, log: EventLog, events: number): Promise<EmmettHistory> {
  const name = `bench_emmett_${process.pid}`;
  const administer = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await administer(`CREATE DATABASE ${name} TEMPLATE template0`);
  const streams = new Map<string, { type: string; data: unknown }[]>();
  for await (const { type, data, meta } of log.readAll({ until: BigInt(events) })) {
    const stream = streams.get(meta.stream) ?? [];
    streams.set(meta.stream, stream);
    stream.push({ type, data });
  }
  const types = new Set([...streams.values()].flat().map(({ type }) => type));
  const own = url.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
  const writer = await startEmmettRebuild(own, [...types]);
  for (const [stream, history] of streams) await writer.append(stream, history);
  await writer.stop();
  // A process that has done nothing else: its memory is that of the rebuild.
  const emmett = await startEmmettRebuild(own, [...types]);
  const given = [...streams.values()].reduce((sum, history) => sum + history.length, 0);
  return {
    events: given,
    async rebuild() {
      const { ms, events: taken, peakBytes } = await emmett.rebuild();
      if (taken !== given) throw new Error(`Emmett rebuilt from ${taken} of ${given} events`);
      return { ms, peakBytes };
    },
    async close() {
      await emmett.stop();
      await administer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
