import type { TurnEvent } from './agent/responder.js';
import { startMetricsServer } from './metrics-server.js';
import type { Config } from './platform/config.js';
import { noMetrics, type Metrics } from './platform/metrics.js';
import { createPrometheusMetrics } from './platform/prometheus.js';
import type { Queries } from './projections/queries/index.js';
import { createMetricsHandler, type MetricsPage } from './transport/http/metrics-handler.js';

export interface ServerMetrics {
  readonly metrics: Metrics;
  /** For the public port; undefined when it does not show metrics. */
  readonly page: (MetricsPage & { readonly token: string }) | undefined;
  /** Listens on METRICS_PORT if it is set; gives the port, or null. */
  listen(): Promise<number | null>;
  stop(): Promise<void>;
}

type Settings = Pick<Config, 'metricsPort' | 'metricsHost' | 'metricsToken'>;

/** Measures this process when a setting says where to show it; otherwise nothing is measured at all. */
export const createServerMetrics = ({ metricsPort: port, metricsHost: host, metricsToken: token }: Settings) => {
  if (port === undefined && token === undefined) return off;
  const metrics = createPrometheusMetrics();
  const page: MetricsPage = { text: () => metrics.text(), contentType: metrics.contentType };
  let close = (): Promise<void> => Promise.resolve();
  const shown: ServerMetrics = {
    metrics,
    page: token === undefined ? undefined : { ...page, token },
    listen: async () => {
      if (port === undefined) return null;
      const server = await startMetricsServer(createMetricsHandler(page, token), { port, host });
      close = () => server.close();
      return server.port;
    },
    stop: async () => {
      await close();
      metrics.stop();
    },
  };
  return shown;
};

const off: ServerMetrics = {
  metrics: noMetrics,
  page: undefined,
  listen: () => Promise.resolve(null),
  stop: () => Promise.resolve(),
};

/** How the read models stand that this process shows. */
export const watchProjections = (
  metrics: Pick<Metrics, 'watchProjections'>,
  queries: Pick<Queries, 'readModelHealth'>,
) =>
  metrics.watchProjections(async () =>
    (await queries.readModelHealth()).map(({ name, state, skipped, ...health }) => ({
      ...{ projection: name, state, skipped },
      events: health.lagEvents === null ? null : Number(health.lagEvents),
      seconds: health.lagSeconds,
      rate: health.eventsPerSecond,
      rebuildEventsLeft: health.rebuildEventsLeft === null ? null : Number(health.rebuildEventsLeft),
    })),
  );

/** Listens to the turns of this process and tells how they end and how long they take. */
export const measureTurns = (
  metrics: Pick<Metrics, 'turnEnded'>,
  now: () => number = () => performance.now(),
): ((event: TurnEvent) => void) => {
  const startedAt = new Map<string, number>();
  return ({ messageId, phase }) => {
    if (phase === 'started') {
      startedAt.set(messageId, now());
      return;
    }
    const from = startedAt.get(messageId);
    startedAt.delete(messageId);
    if (from !== undefined) metrics.turnEnded(phase, now() - from);
  };
};
