import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createAssistant } from './assistant.js';
import { createCaseTools } from './case-tools.js';
import { checkPort, explainListenError } from './listen-check.js';
import type { Agent } from './agent/agent.js';
import { clearLeases, createPostgresLeases } from './agent/postgres-leases.js';
import { startResponder, type Responder } from './agent/responder.js';
import { createAccessKeys } from './commands/access-key.js';
import { createComplaintCommands, createSessionCommands } from './commands/command-handler.js';
import { createCaseCourier, type CaseCourierDependencies } from './commands/complaint/case-courier.js';
import { createCaseMessenger } from './commands/complaint/case-messenger.js';
import { createCaseOpener } from './commands/complaint/case-opener.js';
import { createErasureFinisher } from './commands/erasure/erasure-finisher.js';
import { createPolicies } from './commands/policies/policies.js';
import { createPrepareSubmission } from './commands/session/prepare-submission.js';
import { lookupKey } from './commands/tracking-number.js';
import { createDeliveryCursors, createReadMarks } from './events/postgres/delivery-cursors.js';
import { createReactorCheckpoints } from './events/postgres/reactor-checkpoints.js';
import { createUploads } from './events/postgres/uploads.js';
import type { Uploads } from './events/uploads.js';
import { createByteWorker } from './evidence/byte-worker.js';
import { createDiskBlobStore } from './evidence/disk-blob-store.js';
import { knownFiles } from './evidence/known-files.js';
import { createEvidenceStore, type EvidenceStore } from './evidence/store-evidence.js';
import { systemClock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import { debugLogger, type Logger } from './platform/logging.js';
import { deriveKey } from './platform/secrets.js';
import { createProjectionAdmin } from './projections/create-admin.js';
import { createQueries } from './projections/queries/index.js';
import { readAgentStatistics, readBudgets } from './projections/queries/agent-statistics.js';
import { sessionStatus } from './projections/read-models/session-status.js';
import { trackingNumber } from './projections/read-models/tracking-number.js';
import { transcript } from './projections/read-models/transcript.js';
import { startProjections } from './projections/start.js';
import { createMoment } from './moment.js';
import { refuseOlderLog } from './older-log.js';
import { createServerMetrics, measureTurns, watchProjections, type ServerMetrics } from './server-metrics.js';
import { openStorage, type Storage } from './storage.js';
import { createTransport } from './transport/create-transport.js';
import type { AdminRouteDeps } from './transport/http/admin-routes.js';
import { createLogins } from './transport/logins.js';
import { createSessionTokens } from './transport/session-token.js';

export interface RunningServer {
  readonly port: number;
  /** Port of METRICS_PORT; null when it is not set. */
  readonly metricsPort: number | null;
  /**
   * Stops in order: takes nothing new, ends what is in flight, closes sockets with 1012, stops the read models and at last the
   * database. Calling twice is calling once.
   */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Told when the server cannot go on (the database is lost for good). */
  readonly onFatal?: (error: unknown) => void;
  /** Answers instead of the guided assistant; for tests and measurements. */
  readonly agent?: Agent;
  /** Where the built web application lies; default `web/out` of the checkout. */
  readonly siteFolder?: string;
}

const HOUR_MS = 3_600_000;
/** How long a start waits for the read models to hold what the log holds; one that is built anew goes on behind. */
const READ_MODELS_PATIENCE_MS = 1500;
/** The same place from `src/` and from `dist/`. */
const builtSite = fileURLToPath(new URL('../web/out/', import.meta.url));

/** True when so many milliseconds have passed, false when the signal came first. */
const passed = (ms: number, signal: AbortSignal): Promise<boolean> =>
  delay(ms, true, { signal, ref: false }).catch(() => false);

/** Destroys the keys of hand-over secrets (access keys that were shown) after HANDOVER_HOURS. */
const sweepHandover = async (storage: Storage, config: Config, logger: Logger, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const madeBefore = new Date(systemClock.now().getTime() - config.handoverHours * HOUR_MS);
    await storage.keys
      .destroyOlderThan('handover', madeBefore)
      .catch((error: unknown) => logger.warn({ err: error }, 'Old hand-over secrets could not be swept'));
    await delay(HOUR_MS / 4, undefined, { signal, ref: false }).catch(() => undefined);
  }
};

/** Longer than an upload can be named by so much: one that is just being named is not swept under the message's feet. */
const SWEEP_GRACE_MS = 4 * HOUR_MS;

/** Removes files that no event tells of (uploaded and never sent, a crash between storing and appending), once a day. */
const sweepEvidence = async (
  { log }: Storage,
  evidence: EvidenceStore,
  uploads: Uploads,
  config: Config,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> => {
  const olderThanMs = config.uploadNameableHours * HOUR_MS + SWEEP_GRACE_MS;
  while (await passed(24 * HOUR_MS, signal)) {
    await uploads
      .sweep(olderThanMs)
      .then(() => evidence.sweepOrphans(knownFiles(log, uploads), olderThanMs))
      .then((removed) => logger.info({ removed }, 'Files that no event tells of were removed'))
      .catch((error: unknown) => logger.warn({ err: error }, 'Files that no event tells of could not be swept'));
  }
};

/** What goes on beside the requests: opening cases, carrying words between citizen and office, erasing, sweeping. */
const startBackground = (
  storage: Storage,
  evidence: EvidenceStore,
  uploads: Uploads,
  { policy, sessions, cases }: Pick<CaseCourierDependencies, 'policy' | 'sessions' | 'cases'>,
  config: Config,
  logger: Logger,
): (() => Promise<void>) => {
  const stopping = new AbortController();
  const { log, pool, keys } = storage;
  const checkpoints = createReactorCheckpoints({ pool, logId: log.logId });
  const warn = (what: string) => (error: unknown) => logger.warn({ err: error }, `${what} and is tried again`);
  const between = { log, checkpoints, policy, sessions, cases };
  const forgetFiles = async (sessionId: string): Promise<number> => {
    await uploads.forget(sessionId);
    return evidence.forget(sessionId);
  };
  const erasing = { log, checkpoints, keys, forgetFiles };
  const { signal } = stopping;
  const tasks = [
    createCaseOpener({ log, checkpoints, onError: warn('A case could not be opened') }).run(signal),
    createCaseMessenger({ ...between, onError: warn('An update of a case could not be told') }).run(signal),
    createCaseCourier({ ...between, onError: warn('A request could not be carried to its case') }).run(signal),
    createErasureFinisher({ ...erasing, onError: warn('An erasure could not be finished') }).run(signal),
    sweepHandover(storage, config, logger, signal),
    sweepEvidence(storage, evidence, uploads, config, logger, signal),
  ];
  return async () => {
    stopping.abort();
    await Promise.all(tasks);
  };
};

/** What the office sees and orders over HTTP, when ADMIN_TOKEN lets somebody in. */
const adminOf = (config: Config, { pool, log }: Storage): { readonly admin?: AdminRouteDeps } => {
  const { adminToken: token } = config;
  if (token === undefined) return {};
  return {
    admin: {
      token,
      clock: systemClock,
      statistics: (period, by) => readAgentStatistics(pool, period, by),
      budgets: () => readBudgets(pool, config, systemClock.now()),
      projections: createProjectionAdmin({ pool, log, settings: config }),
    },
  };
};

/** Everything over an open storage; gives the way to stop it again. */
const startParts = async (
  config: Config,
  logger: Logger,
  storage: Storage,
  measured: ServerMetrics,
  options: Pick<ServerOptions, 'agent' | 'siteFolder'>,
): Promise<RunningServer> => {
  const { pool, log, codec, keys, masterKey } = storage;
  const policy = createPolicies();
  const clock = systemClock;
  const pepper = deriveKey(masterKey, 'tracking-pepper');
  const sessions = createSessionCommands({
    ...{ log, policy, clock },
    // Made while the citizen thinks of their first words, so that these need not wait for it; without it they make it themselves.
    onStarted: (sessionId) => void keys.keyForSealing(sessionId, 'content').catch(() => undefined),
  });
  const cases = createComplaintCommands({ log, policy, clock });
  await refuseOlderLog(pool, storage.store);
  const rebuilds = { maxAtOnce: config.maxRebuilds, maxLoadPercent: config.rebuildMaxLoadPercent };
  const projections = await startProjections({ pool, log, logger, rebuilds, alone: config.databaseUrl === undefined });
  const queries = createQueries({ pool, codec, log, abandonedAfterHours: config.abandonedAfterHours });
  watchProjections(measured.metrics, queries);
  const accessKeys = createAccessKeys({ log2N: config.accessKeyScryptLog2n });
  const worker = createByteWorker();
  const evidence = createEvidenceStore({
    keys,
    worker,
    limits: config,
    blobs: await createDiskBlobStore({
      folder: path.join(path.resolve(config.dataDir), 'evidence'),
      quotaBytes: config.evidenceDiskQuotaBytes,
      minFreeBytes: config.minFreeDiskBytes,
    }),
  });
  const uploads = createUploads({ pool, keys, nameableHours: config.uploadNameableHours });
  // Transport tells the responder of a message, the responder needs transport's guard: the one made first learns of the other.
  const later: { responder?: Responder } = {};
  const moment = createMoment(config, storage, logger, () => later.responder);
  const transport = createTransport({
    ...{ config, log, sessions, cases, queries, policy, accessKeys, evidence, logger, clock },
    isLogBlocked: async () => (await storage.store.misplaced?.()) !== undefined,
    readModelReaches: async (which, position, timeoutMs) => {
      const read = which === 'status' ? [sessionStatus] : [trackingNumber, transcript];
      const waits = read.map(({ name }) => projections.waitFor(position, { timeoutMs, projection: name }));
      return (await Promise.all(waits)).every((waited) => waited === 'reached');
    },
    lookupOf: (trackingNumber) => lookupKey(pepper, trackingNumber),
    logins: createLogins(config, deriveKey(masterKey, 'integrator-subject'), clock),
    siteFolder: options.siteFolder ?? builtSite,
    uploadFolder: path.join(path.resolve(config.dataDir), 'evidence', 'tmp'),
    tokens: createSessionTokens({ key: deriveKey(masterKey, 'session-token'), ttlS: config.sessionTokenTtlS, clock }),
    cursors: createDeliveryCursors({
      pool,
      onError: (error) => logger.warn({ err: error }, 'Delivery cursors could not be saved and are tried again'),
    }),
    readMarks: createReadMarks({
      pool,
      onError: (error) => logger.warn({ err: error }, 'Read marks could not be saved and are tried again'),
    }),
    uploads,
    replies: moment.replies,
    cancelReply: (sessionId, replyId) => moment.cancel(sessionId, replyId),
    notifyResponder: (sessionId, messageId) => later.responder?.notify(sessionId, messageId),
    debug: (namespace) => debugLogger(logger, config.debug, namespace),
    metrics: measured.metrics,
    metricsPage: measured.page,
    ...adminOf(config, storage),
  });
  if (config.databaseUrl === undefined) await clearLeases(pool);
  const responder = startResponder({
    ...{ log, policy, pepper, clock, logger, commands: sessions },
    agent: options.agent ?? createAssistant({ config, policy, log, pool, logger }),
    prepareSubmission: createPrepareSubmission({ log, pepper, accessKeys, clock }),
    ...createCaseTools({ log, queries, policy, guard: transport.sessionLookups, accessKeys }),
    pendingTurns: (asked) => queries.pendingTurns(asked),
    leases: createPostgresLeases({ pool, durationMs: config.turnLeaseMs }),
    settings: {
      stopTimeoutMs: config.shutdownTimeoutMs / 4,
      // A language model makes turns wait, not work: many may be under way.
      ...(config.openaiApiKey === undefined ? {} : { concurrency: config.modelTurnsAtOnce }),
    },
    ...moment.listeners(measureTurns(measured.metrics)),
  });
  later.responder = responder;
  const stopBackground = startBackground(storage, evidence, uploads, { policy, sessions, cases }, config, logger);
  const stopAll = async (): Promise<void> => {
    await transport.close();
    await responder.stop();
    await moment.stop();
    await stopBackground();
    await projections.stop();
    await evidence.close();
    await measured.stop();
  };
  try {
    // A complaint that was filed just before a crash must not be unknown just after it.
    await projections.waitFor((await log.head()).position, { timeoutMs: READ_MODELS_PATIENCE_MS });
    const metricsPort = await measured.listen();
    return { port: await transport.listen(config.port, config.host), metricsPort, stop: stopAll };
  } catch (error) {
    await stopAll();
    throw explainListenError(error, config);
  }
};

/**
 * Starts the whole server: storage, read models, assistant, HTTP and WebSocket on one port.
 * @throws StartupError when something must be mended by a person first
 */
export const startServer = async (
  config: Config,
  logger: Logger,
  options: ServerOptions = {},
): Promise<RunningServer> => {
  await checkPort(config);
  const measured = createServerMetrics(config);
  const storage = await openStorage(config, logger, {
    as: 'server',
    metrics: measured.metrics,
    ...(options.onFatal === undefined ? {} : { onDatabaseLost: options.onFatal }),
  });
  try {
    const parts = await startParts(config, logger, storage, measured, options);
    let stopped: Promise<void> | undefined;
    return {
      port: parts.port,
      metricsPort: parts.metricsPort,
      stop: () => (stopped ??= parts.stop().finally(() => storage.close())),
    };
  } catch (error) {
    await measured.stop();
    await storage.close().catch(() => undefined);
    throw error;
  }
};
