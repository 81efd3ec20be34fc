import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { EventLog } from '../src/events/event-log.js';
import { verifyLog } from '../src/events/verify.js';
import { loadConfig } from '../src/platform/config.js';
import { createLogger } from '../src/platform/logging.js';
import { openStorage } from '../src/storage.js';
import { auditConversation } from './audit.js';
import { beCitizen, type CitizenOutcome } from './citizen.js';
import { faultyModelSettings, startFaultyModel, type FaultyModel } from './faulty-model.js';
import { freePort, repositoryRoot, startServerProcess } from './server-process.js';

const statementSchema = z.object({ id: z.string(), text: z.string() });

/** The statements of `samples/`, or of the folder that DATA_SAMPLES names. */
export const loadStatements = async (): Promise<string[]> => {
  const folder = process.env['DATA_SAMPLES'] ?? path.join(repositoryRoot(), 'samples');
  const text = await readFile(path.join(folder, 'civic-statements.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => statementSchema.parse(JSON.parse(line)).text);
};

export interface FileAllOptions {
  /** How many citizens talk at the same time. */
  readonly atOnce: number;
  /** How many citizens in all; default: one for every statement. */
  readonly citizens?: number;
  /** Kill the server with `kill -9` when half of the citizens are done, and start it again. */
  readonly kill: boolean;
  /** A scripted language model (a fake) answers, and so many of a hundred turns meet a fault of it. Default: no model. */
  readonly modelFaults?: number | undefined;
  /** More settings for the server. EVENTSTORE_* of this process count too. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onProgress: (done: number, of: number, note?: string) => void;
}

export interface FileAllReport {
  readonly citizens: number;
  readonly completed: number;
  readonly received: number;
  readonly reconnects: number;
  readonly kills: number;
  /** One line for every conversation with a fault; no content. */
  readonly faults: readonly string[];
  readonly events: number;
  readonly chainIntact: boolean;
  readonly seconds: number;
  /** Null without a model. */
  readonly model: ModelReport | null;
}

/** How the replies came about when a (scripted) model answered. */
export interface ModelReport {
  readonly replies: number;
  /** Made by the model to the end. */
  readonly byModel: number;
  readonly fallbacks: Readonly<Record<string, number>>;
  /** Faults that were injected, by kind. */
  readonly injected: Readonly<Record<string, number>>;
}

const inParallel = async <T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of queue) await work(item);
    }),
  );
};

const publicStatus = async (baseUrl: string, trackingNumber: string): Promise<string> => {
  const response = await fetch(`${baseUrl}/api/track/${trackingNumber}`);
  return z
    .object({ status: z.string() })
    .loose()
    .parse(await response.json()).status;
};

const eventStoreSettings = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('EVENTSTORE_') && value !== undefined ? [[name, value]] : [],
    ),
  );

const countReplies = async (log: Pick<EventLog, 'readAll'>): Promise<Omit<ModelReport, 'injected'>> => {
  const fallbacks: Record<string, number> = {};
  let replies = 0;
  let byModel = 0;
  for await (const event of log.readAll({ types: ['AgentReplied'] })) {
    if (event.type !== 'AgentReplied') continue;
    const { name, fallback } = event.data.agent;
    replies += 1;
    if (fallback !== undefined) fallbacks[fallback] = (fallbacks[fallback] ?? 0) + 1;
    else if (name === 'model') byModel += 1;
  }
  return { replies, byModel, fallbacks };
};

const auditLog = async (
  dataDir: string,
  env: Readonly<Record<string, string>>,
  outcomes: readonly CitizenOutcome[],
): Promise<{ faults: string[]; events: number; intact: boolean; replies: Omit<ModelReport, 'injected'> }> => {
  const config = loadConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error', ...env });
  const storage = await openStorage(config, createLogger(config), { as: 'server' });
  try {
    const faults: string[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const wrong = await auditConversation(storage.log, outcome);
      if (wrong.length > 0) faults.push(`citizen ${index + 1}: ${wrong.join(', ')}`);
    }
    const verified = await verifyLog(storage.store, {});
    return { faults, events: verified.events, intact: verified.ok, replies: await countReplies(storage.log) };
  } finally {
    await storage.close();
  }
};

/** Files every statement by a citizen of its own against a real server, and then audits the log itself. */
export const fileAll = async (options: FileAllOptions): Promise<FileAllReport> => {
  const model = options.modelFaults === undefined ? null : await startFaultyModel(options.modelFaults);
  return fileWith(options, model).finally(() => model?.close());
};

const fileWith = async (options: FileAllOptions, model: FaultyModel | null): Promise<FileAllReport> => {
  const startedAt = Date.now();
  const statements = (await loadStatements()).slice(0, options.citizens);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'citizen-demo-'));
  const port = await freePort();
  const ofModel = model === null ? {} : faultyModelSettings(model.url);
  const env = { ...eventStoreSettings(), ...ofModel, ...options.env };
  const start = (): ReturnType<typeof startServerProcess> =>
    startServerProcess(port, dataDir, { RATE_LIMITS: 'off', ...env });
  let server = await start();
  try {
    const outcomes: CitizenOutcome[] = [];
    let kills = 0;
    let restarting: Promise<void> = Promise.resolve();
    await inParallel(statements, options.atOnce, async (statement) => {
      const outcome = await beCitizen(server.baseUrl, [statement, 'submit', 'yes'], {
        patienceMs: 10_000,
        deadline: startedAt + 10 * 60_000,
      });
      outcomes.push(outcome);
      options.onProgress(outcomes.length, statements.length);
      if (options.kill && kills === 0 && outcomes.length >= statements.length / 2) {
        kills += 1;
        restarting = server.kill('SIGKILL').then(async () => {
          options.onProgress(outcomes.length, statements.length, 'server killed with kill -9, starting it again');
          server = await start();
        });
      }
    });
    await restarting;
    let received = 0;
    await inParallel(outcomes, 8, async ({ trackingNumber }) => {
      if (trackingNumber !== null && (await publicStatus(server.baseUrl, trackingNumber)) === 'received') received += 1;
    });
    await server.kill('SIGTERM');
    const audit = await auditLog(dataDir, env, outcomes);
    return {
      citizens: statements.length,
      completed: outcomes.filter((outcome) => outcome.state === 'completed').length,
      received,
      reconnects: outcomes.reduce((sum, outcome) => sum + outcome.reconnects, 0),
      kills,
      faults: audit.faults,
      events: audit.events,
      chainIntact: audit.intact,
      seconds: (Date.now() - startedAt) / 1000,
      model: model === null ? null : { ...audit.replies, injected: model.injected() },
    };
  } finally {
    if (server.child.exitCode === null) await server.kill('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  }
};
