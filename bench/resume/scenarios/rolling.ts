import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../../support/figures.js';
import { isPerfect } from '../audit.js';
import { gatherTeam, soon } from '../driver/run-drivers.js';
import type { Options } from '../options.js';
import { print, shown, tallyCells, tallyHeads } from '../report.js';
import { auditLog } from '../world/audit-log.js';
import { startWorld } from '../world/world.js';
import { conversationLines } from './lines.js';

/** DRAIN_WINDOW_MS and DRAIN_RECONNECTS_PER_S: over how long clients are told to come back, one half of all, then everybody. */
const LEAST_WINDOW_MS = 3_000;
const RECONNECTS_PER_S = 150;
const ALLOWED_MS = 1_000;

/** Two processes are restarted with SIGTERM, one after the other, while everybody talks. */
export const rolling = async ({ citizens = 2_000, seconds = 60, drivers, seed }: Options): Promise<boolean> => {
  const world = await startWorld(2, {
    DRAIN_WINDOW_MS: String(LEAST_WINDOW_MS),
    DRAIN_RECONNECTS_PER_S: String(RECONNECTS_PER_S),
  });
  const windowMs = Math.round(Math.max(LEAST_WINDOW_MS, (citizens * 1000) / RECONNECTS_PER_S));
  try {
    const team = await gatherTeam({
      ...{ kind: 'v1', bases: world.bases, citizens, drivers, seed, seconds },
      ...{ sayEveryMs: Math.min(20_000, seconds * 500), cutEveryMs: null, silentMs: [0, 0], offlineMs: [0, 0] },
      ...{ lines: await conversationLines(), answered: 'all', quietMs: 2_000, settleMs: 60_000 },
    });
    const startAt = soon();
    const stops: number[] = [];
    const restart = async (): Promise<void> => {
      for (const index of [0, 1]) {
        await delay(Math.max(0, startAt + (index + 1) * seconds * 300 - Date.now()));
        const from = Date.now();
        await world.stop(index, 'SIGTERM');
        stops.push(Date.now() - from);
        await world.restart(index);
      }
    };
    const [result] = await Promise.all([team.go(startAt), restart()]);
    team.end();
    const audit = await auditLog(world.env, result.records);
    const absences = result.records.flatMap((record) => record.absences);
    const away = absences.map(({ lostAt, backAt }) => backAt - lostAt);
    const sinceTold = absences.map(({ announcedAt, lostAt, backAt }) => backAt - (announcedAt ?? lostAt));
    const isBack = quantile(sinceTold, 0.95) <= windowMs + ALLOWED_MS;
    const isWhole = isPerfect(audit.toServer) && isPerfect(audit.frames);
    const codes = [...new Set(absences.map(({ code }) => code))].join(', ');
    print({
      scenario: 'rolling',
      title: `${citizens} citizens on two processes, each restarted once with SIGTERM`,
      heads: ['direction', ...tallyHeads],
      rows: [
        ['citizen → server', ...tallyCells(audit.toServer)],
        ['server → citizen (answers)', ...tallyCells(audit.toCitizen)],
        ['all durable frames', ...tallyCells(audit.frames)],
      ],
      notes: [
        `${shown(absences.length)} connections had to move (close codes ${codes}); ${shown(absences.filter(({ announcedAt }) => announcedAt !== null).length)} were told by drain`,
        `back after the close: p50 ${shown(quantile(away, 0.5))} ms, p95 ${shown(quantile(away, 0.95))} ms, last ${shown(Math.max(0, ...away))} ms`,
        `back after drain was told: p50 ${shown(quantile(sinceTold, 0.5))} ms, p95 ${shown(quantile(sinceTold, 0.95))} ms`,
        `from SIGTERM to the end of the process: ${stops.map((ms) => `${shown(ms)} ms`).join(', ')}`,
        `target: 0 lost: ${isWhole ? 'met' : 'MISSED'}; p95 back within ${windowMs} + ${ALLOWED_MS} ms: ${isBack ? 'met' : 'MISSED'}`,
      ],
      health: result.health,
      figures: { audit, away, sinceTold, stops, windowMs },
    });
    return isWhole;
  } finally {
    await world.close();
  }
};
