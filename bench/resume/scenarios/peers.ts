import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../demo/server-process.js';
import { addTallies, noTally, tally, type Tally } from '../audit.js';
import type { CitizenRecord } from '../driver/citizen.js';
import type { JobResult } from '../driver/job.js';
import { gatherTeam, soon } from '../driver/run-drivers.js';
import type { Options } from '../options.js';
import { installPeers } from '../peers/install.js';
import { readOffice } from '../peers/office.js';
import { startPeer } from '../peers/start-peer.js';
import { print, tallyCells, tallyHeads } from '../report.js';
import { killTimes, rhythm } from './storm.js';

const peers = {
  ws: 'bare ws, without resume',
  socketio: 'Socket.IO 4.8, connection state recovery',
  'socketio-retries': 'the same, its client with `retries`',
} as const;
type PeerName = keyof typeof peers;

const DOWN_MS = 1_000;
const QUIET_MS = 4_000;
/** What a peer has not delivered so long after the talk it never will: none of them keeps anything for longer than a connection. */
const SETTLE_MS = 20_000;
/** From here on the rhythm of talk and cuts is that of `cuts` and `kills`; a longer run has more rounds of the same. */
const SECONDS = 150;

const auditOffice = (file: string, records: readonly CitizenRecord[]): { toServer: Tally; toCitizen: Tally } => {
  const lines = new Map<string, { in: string[]; out: string[] }>();
  for (const { direction, citizen, id } of readOffice(file)) {
    const said = lines.get(citizen) ?? { in: [], out: [] };
    said[direction].push(id);
    lines.set(citizen, said);
  }
  let sum = { toServer: noTally, toCitizen: noTally };
  for (const { name, said, heard } of records) {
    const office = lines.get(name) ?? { in: [], out: [] };
    const ids = said.map(({ id }) => id);
    sum = {
      toServer: addTallies(sum.toServer, tally(ids, office.in)),
      toCitizen: addTallies(sum.toCitizen, tally(office.out, heard)),
    };
  }
  return sum;
};

const runPeer = async (
  name: PeerName,
  { citizens = 1_000, seconds = SECONDS, drivers, seed }: Options,
  kills: number,
): Promise<JobResult & { readonly audit: ReturnType<typeof auditOffice> }> => {
  const { sayEveryMs, officerEveryMs, cutEveryMs, silentMs, offlineMs } = rhythm(seconds);
  const folder = await mkdtemp(path.join(tmpdir(), 'citizen-bench-'));
  const file = path.join(folder, 'office.log');
  const kind = name === 'ws' ? 'ws' : 'socketio';
  const job = { kind, port: await freePort(), file, citizens, officerEveryMs } as const;
  let peer = await startPeer(job);
  try {
    const team = await gatherTeam({
      ...{ kind: name, bases: [peer.baseUrl], citizens, drivers, seconds, seed },
      ...{ sayEveryMs, cutEveryMs, silentMs, offlineMs },
      ...{ lines: ['x'.repeat(200)], answered: 'even', quietMs: QUIET_MS, settleMs: SETTLE_MS },
    });
    const startAt = soon();
    const until = startAt + seconds * 1000;
    peer.go(startAt, seconds);
    const killing = async (): Promise<void> => {
      for (const afterMs of killTimes(kills, seconds)) {
        await delay(Math.max(0, startAt + afterMs - Date.now()));
        await peer.kill();
        await delay(DOWN_MS);
        peer = await startPeer(job);
        peer.go(Date.now(), (until - Date.now()) / 1000);
      }
    };
    const [result] = await Promise.all([team.go(startAt), killing()]);
    team.end();
    return { ...result, audit: auditOffice(file, result.records) };
  } finally {
    await peer.kill();
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Other chats under the same cuts and the same kills, all at the same time, each with citizens of its own. They may lose what they
 * lose, so this never fails.
 */
export const runPeers = async (options: Options): Promise<boolean> => {
  installPeers();
  const rows: string[][] = [];
  const health: JobResult['health'][number][] = [];
  const figures: object[] = [];
  for (const kills of [0, 5]) {
    const names = Object.keys(peers) as PeerName[];
    const results = await Promise.all(names.map(async (name) => ({ name, ...(await runPeer(name, options, kills)) })));
    for (const { name, ...result } of results) {
      const where = kills === 0 ? 'cuts' : `cuts, ${kills} × kill -9`;
      rows.push([peers[name], where, 'citizen → server', ...tallyCells(result.audit.toServer)]);
      rows.push([peers[name], where, 'server → citizen', ...tallyCells(result.audit.toCitizen)]);
      health.push(...result.health);
      figures.push({ name, kills, audit: result.audit });
    }
  }
  const { citizens = 1_000, seconds = SECONDS } = options;
  print({
    scenario: 'peers',
    title: `${citizens} citizens each, ${seconds} s, one process each, all at the same time, the same rhythm of talk and cuts as ours`,
    heads: ['peer', 'under', 'direction', ...tallyHeads],
    ...{ rows, health, figures },
    notes: ['"said" by a peer is what it wrote into its file before it sent it; it talks to nobody while it is down'],
  });
  return true;
};
