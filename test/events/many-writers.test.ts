import { execFileSync, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventStore } from '../../src/events/store.js';
import { startSubscriber, toldPosition } from '../contract/event-store/support.js';
import { chance, type Chance } from './support/chance.js';
import { disturb } from './support/disturbers.js';
import { storeDatabase, type StoreDatabase } from './support/postgres-store.js';

const WRITERS = 3;
const LANES = 8;
const APPENDS_PER_LANE = 25;
const STREAMS = 6;

interface PlannedAppend {
  readonly stream: string;
  readonly ids: readonly string[];
  readonly expected: 'any' | 'streamExists' | number;
  readonly pauseMs: number;
}
interface Report {
  readonly accepted: readonly { stream: string; ids: string[]; revision: number; position: string }[];
  readonly refused: readonly { ids: string[]; code: string }[];
}
/** What a reader noted of an event. */
interface Note {
  readonly position: bigint;
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
}

const writerScript = fileURLToPath(new URL('./support/writer.mjs', import.meta.url));
let database: StoreDatabase;
beforeAll(async () => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/build-if-needed.mjs', import.meta.url))]);
  database = await storeDatabase();
});
afterAll(() => database.drop());

const plan = (luck: Chance): PlannedAppend[][] =>
  Array.from({ length: LANES }, () =>
    Array.from({ length: APPENDS_PER_LANE }, () => ({
      stream: `stream-${luck.whole(STREAMS)}`,
      ids: Array.from({ length: 1 + luck.whole(4) }, () => luck.uuid()),
      expected: luck.pick(['any', 'any', 'any', 'streamExists', luck.whole(200)] as const),
      pauseMs: luck.whole(3) === 0 ? luck.whole(12) : 0,
    })),
  );

/** Runs one writer process to its end. */
const write = (lanes: PlannedAppend[][]): Promise<Report> =>
  new Promise((resolve, reject) => {
    const child = fork(writerScript, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let report: Report | undefined;
    child.on('message', (message) => (report = message as Report));
    child.on('error', reject);
    child.on('exit', (code) => (report ? resolve(report) : reject(new Error(`A writer ended with ${code}`))));
    child.send({ url: database.url, lanes });
  });

const note = ({ position, id, stream, revision }: Note): Note => ({ position, id, stream, revision });

/** Reads from one checkpoint after another until told to stop; gives every read with where it began. */
async function readAgainAndAgain(store: EventStore, luck: Chance, isOver: () => boolean) {
  const reads: { after: bigint; notes: Note[] }[] = [];
  do {
    const { position: head } = await store.head();
    const after = BigInt(luck.whole(Number(head) + 1));
    const notes: Note[] = [];
    for await (const event of store.readAll({ after, pageSize: 1 + luck.whole(60) })) notes.push(note(event));
    reads.push({ after, notes });
  } while (!isOver());
  return reads;
}

const truthNow = async (): Promise<Note[]> => {
  const { rows } = await database.pool.query<{ position: string; event_id: string; stream: string; revision: number }>(
    'SELECT position, event_id, stream, revision FROM events ORDER BY position',
  );
  return rows.map((row) => ({ ...row, id: row.event_id, position: BigInt(row.position) })).map(note);
};

test.each([11, 22, 33])(
  'no reader skips, repeats or reorders an event, whatever many writers do (seed %i)',
  async (seed) => {
    const start = (await database.pool.query<{ position: string }>('SELECT position FROM log_head')).rows[0]!.position;
    const after = BigInt(start);
    const luck = chance(seed);
    const reader = await database.openStore({ pollMs: 50 });
    const subscribers = [
      startSubscriber(reader, { to: 'all', after }),
      startSubscriber(await database.openStore({ readPageEvents: 7 }), { to: 'all', after }),
      startSubscriber(reader, { to: 'all', after, types: ['Disturbing'] }),
      startSubscriber(reader, { to: { stream: 'stream-0' }, after: -1 }),
    ] as const;
    const disturbance = disturb(database, luck);
    let over = false;
    const reading = readAgainAndAgain(reader, luck, () => over);

    const reports = await Promise.all(Array.from({ length: WRITERS }, () => write(plan(luck))));
    await disturbance.stop();
    const { position: head } = await reader.head();
    const truth = await truthNow();
    const ofStream = truth.filter(({ stream }) => stream === 'stream-0');
    const toStream = subscribers[3];
    await Promise.all([
      ...subscribers.slice(0, 3).map((each) => each.until((now) => toldPosition(now) >= head)),
      toStream.until(({ events }) => events.length === ofStream.length),
    ]);
    over = true;
    const reads = await reading;
    for (const each of subscribers) await each.stop();

    // The truth itself: no hole, every stream in order, exactly what was accepted and nothing else.
    expect(truth.map(({ position }) => position)).toEqual(truth.map((_, index) => BigInt(index + 1)));
    for (const stream of new Set(truth.map((event) => event.stream))) {
      const revisions = truth.filter((event) => event.stream === stream).map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.map((_, index) => index));
    }
    const fresh = truth.slice(Number(after));
    const accepted = reports.flatMap((report) => report.accepted);
    expect(fresh.map(({ id }) => id).sort()).toEqual(
      [...accepted.flatMap(({ ids }) => ids), ...disturbance.committed].sort(),
    );
    for (const { ids, stream, revision, position } of accepted) {
      const last = Number(position) - 1;
      expect(truth.slice(last + 1 - ids.length, last + 1)).toMatchObject(
        ids.map((id, index) => ({ id, stream, revision: revision + 1 - ids.length + index })),
      );
    }
    const refusals = reports.flatMap((report) => report.refused);
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['wrong_expected_revision']));

    // Every reader saw exactly the truth.
    const disturbing = new Set(disturbance.committed);
    expect(subscribers[0].events.map(note)).toEqual(fresh);
    expect(subscribers[1].events.map(note)).toEqual(fresh);
    expect(subscribers[2].events.map(note)).toEqual(fresh.filter(({ id }) => disturbing.has(id)));
    expect(toStream.events.map(note)).toEqual(ofStream);
    for (const { after: from, notes } of reads) {
      expect(notes).toEqual(truth.slice(Number(from), Number(from) + notes.length));
    }
    expect(reads.length).toBeGreaterThan(3);
    expect(database.alarms).toEqual([]);
  },
);
