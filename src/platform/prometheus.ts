import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { monitorEventLoop, type EventLoopMonitor } from './event-loop-delay.js';
import { projectionStates, type Metrics, type ProjectionFigures } from './metrics.js';

export interface PrometheusMetrics extends Metrics {
  /** Everything in the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
  stop(): void;
}

/** Seconds, from one group commit to "something is very wrong". */
const LATENCY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const TURN_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const SCRAPE_TIMEOUT_MS = 2000;

const within = async <T>(work: Promise<T>, otherwise: T): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(otherwise), SCRAPE_TIMEOUT_MS)));
  return Promise.race([work.catch(() => otherwise), late]).finally(() => clearTimeout(timer));
};

/** Counters of one registry, made by name. */
const instruments = (register: Registry) => {
  const registers = [register];
  return {
    counter: (name: string, help: string, labelNames: readonly string[] = []) =>
      new Counter({ name: `citizen_${name}`, help, labelNames, registers }),
    gauge: (name: string, help: string, labelNames: readonly string[] = []) =>
      new Gauge({ name: `citizen_${name}`, help, labelNames, registers }),
    /** A gauge that is read when it is asked for. */
    live: (name: string, help: string, collect: (gauge: Gauge) => void, labelNames: string[] = []) =>
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          collect(this);
        },
      }),
    histogram: (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
      new Histogram({ name: `citizen_${name}`, help, buckets, labelNames, registers }),
  };
};

type Instruments = ReturnType<typeof instruments>;

const connectionMetrics = ({ counter, gauge }: Instruments) => {
  const where = ['profile', 'transport'];
  const open = gauge('connections', 'Open connections', where);
  const opened = counter('connections_opened_total', 'Connections opened', where);
  const closed = counter('connections_closed_total', 'Connections closed, by close code', [...where, 'code']);
  const refused = counter('upgrades_refused_total', 'Upgrade requests refused, by error code', ['code']);
  const resumes = counter('resumes_total', 'Hellos answered, by outcome', ['outcome']);
  for (const outcome of ['fresh', 'recovered', 'rebuilt']) resumes.inc({ outcome }, 0);
  return {
    connectionOpened: (profile, transport) => {
      open.inc({ profile, transport });
      opened.inc({ profile, transport });
    },
    connectionClosed: (profile, transport, code) => {
      open.dec({ profile, transport });
      closed.inc({ profile, transport, code });
    },
    upgradeRefused: (code) => refused.inc({ code }),
    resumed: (outcome) => resumes.inc({ outcome }),
  } satisfies Partial<Metrics>;
};

const messageMetrics = ({ counter, histogram }: Instruments) => {
  const acks = counter('acks_total', 'Messages acknowledged after they were durable', ['duplicate']);
  const latency = histogram('ack_seconds', 'From a message to its ack', LATENCY_BUCKETS_S);
  const sent = counter('deltas_sent_total', 'Parts of running replies sent');
  const coalesced = counter('deltas_coalesced_total', 'Parts of running replies that went out with later ones');
  const turns = counter('turns_total', 'Turns of the assistant, by outcome', ['outcome']);
  const turnTime = histogram('turn_seconds', 'Time of a turn of the assistant', TURN_BUCKETS_S);
  return {
    acknowledged: (duplicate, ms) => {
      acks.inc({ duplicate: String(duplicate) });
      latency.observe(ms / 1000);
    },
    deltaSent: () => sent.inc(),
    deltaCoalesced: () => coalesced.inc(),
    turnEnded: (outcome, ms) => {
      turns.inc({ outcome });
      turnTime.observe(ms / 1000);
    },
  } satisfies Partial<Metrics>;
};

const logMetrics = ({ counter, histogram }: Instruments) => {
  const appends = counter('appends_total', 'Appends to the event log, by outcome', ['outcome']);
  const latency = histogram('append_seconds', 'From an append to its durable answer', LATENCY_BUCKETS_S);
  const requests = histogram('append_batch_requests', 'Appends that shared one transaction', BATCH_BUCKETS);
  const events = histogram('append_batch_events', 'Events written by one transaction', BATCH_BUCKETS);
  return {
    appended: (outcome, ms) => {
      appends.inc({ outcome });
      latency.observe(ms / 1000);
    },
    appendBatch: (requestCount, eventCount) => {
      requests.observe(requestCount);
      events.observe(eventCount);
    },
  } satisfies Partial<Metrics>;
};

/** Gauges of the read models; what is not told any more is not shown any more. */
const projectionMetrics = ({ gauge }: Instruments): ((figures: readonly ProjectionFigures[]) => void) => {
  const byProjection = ['projection'];
  const state = gauge('projection_state', '1 for the state that a read model is in', [...byProjection, 'state']);
  const events = gauge('projection_lag_events', 'Events still to be applied, by read model', byProjection);
  const seconds = gauge('projection_lag_seconds', 'How old the newest applied event is, by read model', byProjection);
  const rate = gauge('projection_events_per_second', 'Events applied per second, by read model', byProjection);
  const skipped = gauge('projection_skipped_events', 'Events that a person took out, by read model', byProjection);
  const left = gauge('projection_rebuild_events_left', 'Events a rebuild has still to read', byProjection);
  return (figures) => {
    for (const metric of [state, events, seconds, rate, skipped, left]) metric.reset();
    for (const { projection, ...now } of figures) {
      for (const one of projectionStates) state.set({ projection, state: one }, one === now.state ? 1 : 0);
      if (now.events !== null) events.set({ projection }, now.events);
      rate.set({ projection }, now.rate);
      skipped.set({ projection }, now.skipped);
      if (now.seconds !== null) seconds.set({ projection }, now.seconds);
      if (now.rebuildEventsLeft !== null) left.set({ projection }, now.rebuildEventsLeft);
    }
  };
};

const watchedMetrics = (made: Instruments, beforeScrape: (refresh: () => Promise<void>) => void) => {
  const buffers: (() => number)[] = [];
  made.live('citizen_buffered_bytes', 'Bytes that wait to be read by clients', (metric) =>
    metric.set(buffers.reduce((sum, read) => sum + read(), 0)),
  );
  const showProjections = projectionMetrics(made);
  return {
    watchBufferedBytes: (read) => buffers.push(read),
    watchProjections: (read) =>
      beforeScrape(async () => {
        showProjections(await within<readonly ProjectionFigures[]>(read(), []));
      }),
  } satisfies Partial<Metrics>;
};

const processMetrics = ({ live }: Instruments, loop: EventLoopMonitor): void => {
  live('citizen_event_loop_delay_seconds', 'Delay of the event loop since the last scrape', delays(loop), ['quantile']);
  live('process_resident_memory_bytes', 'Resident memory', (gauge) => gauge.set(process.memoryUsage.rss()));
  live('nodejs_heap_used_bytes', 'Heap in use', (gauge) => gauge.set(process.memoryUsage().heapUsed));
  live('process_cpu_seconds_total', 'Processor time, user and system', (gauge) => {
    const { user, system } = process.cpuUsage();
    gauge.set((user + system) / 1e6);
  });
  live('process_start_time_seconds', 'Start of the process since 1970', (gauge) =>
    gauge.set(Math.round(performance.timeOrigin / 1000)),
  );
};

const delays =
  (loop: EventLoopMonitor) =>
  (gauge: Gauge): void => {
    const { p50, p99, max } = loop.take();
    gauge.set({ quantile: '0.5' }, p50);
    gauge.set({ quantile: '0.99' }, p99);
    gauge.set({ quantile: '1' }, max);
  };

/** Metrics of this process in a registry of their own. */
export const createPrometheusMetrics = (): PrometheusMetrics => {
  const register = new Registry();
  const made = instruments(register);
  const loop = monitorEventLoop();
  const refreshes: (() => Promise<void>)[] = [];
  processMetrics(made, loop);
  return {
    ...connectionMetrics(made),
    ...messageMetrics(made),
    ...logMetrics(made),
    ...watchedMetrics(made, (refresh) => refreshes.push(refresh)),
    text: async () => {
      await Promise.all(refreshes.map((refresh) => refresh()));
      return register.metrics();
    },
    contentType: register.contentType,
    stop: () => {
      loop.stop();
      register.clear();
    },
  };
};
