import { afterEach, expect, it } from 'vitest';
import type { ProjectionFigures } from './metrics.js';
import { createPrometheusMetrics, type PrometheusMetrics } from './prometheus.js';

const made: PrometheusMetrics[] = [];
const create = (): PrometheusMetrics => {
  const metrics = createPrometheusMetrics();
  made.push(metrics);
  return metrics;
};
afterEach(() => {
  for (const metrics of made.splice(0)) metrics.stop();
});

it('counts what it is told, in the text format of Prometheus', async () => {
  const metrics = create();
  metrics.connectionOpened('classic', 'websocket');
  metrics.connectionOpened('classic', 'websocket');
  metrics.connectionClosed('classic', 'websocket', '1000');
  metrics.resumed('recovered');
  metrics.acknowledged(true, 12);
  metrics.turnEnded('answered', 40);
  const text = await metrics.text();
  expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text).toContain('citizen_connections{profile="classic",transport="websocket"} 1');
  expect(text).toContain('citizen_connections_closed_total{profile="classic",transport="websocket",code="1000"} 1');
  expect(text).toContain('citizen_resumes_total{outcome="recovered"} 1');
  expect(text).toContain('citizen_resumes_total{outcome="rebuilt"} 0');
  expect(text).toContain('citizen_acks_total{duplicate="true"} 1');
  expect(text).toContain('citizen_ack_seconds_bucket{le="0.025"} 1');
  expect(text).toContain('citizen_turns_total{outcome="answered"} 1');
  expect(text).toMatch(/citizen_event_loop_delay_seconds\{quantile="0\.99"\} \d/);
});

const standing: ProjectionFigures = {
  ...{ projection: 'transcript', events: 3, seconds: 5, rate: 12, skipped: 1 },
  ...{ state: 'failed', rebuildEventsLeft: 40 },
};

it('asks for what it watches at each scrape', async () => {
  const metrics = create();
  let bytes = 5;
  metrics.watchBufferedBytes(() => bytes - 1);
  metrics.watchBufferedBytes(() => 1);
  metrics.watchProjections(() => Promise.resolve([{ ...standing, seconds: bytes }]));
  expect(await metrics.text()).toContain('citizen_buffered_bytes 5');
  bytes = 7;
  const text = await metrics.text();
  expect(text).toContain('citizen_buffered_bytes 7');
  expect(text).toContain('citizen_projection_lag_events{projection="transcript"} 3');
  expect(text).toContain('citizen_projection_lag_seconds{projection="transcript"} 7');
});

it('tells the state of a read model, and what a rebuild has still to read, for as long as there is one', async () => {
  const metrics = create();
  let left: number | null = 40;
  metrics.watchProjections(() => Promise.resolve([{ ...standing, rebuildEventsLeft: left }]));
  const text = await metrics.text();
  expect(text).toContain('citizen_projection_state{projection="transcript",state="failed"} 1');
  expect(text).toContain('citizen_projection_state{projection="transcript",state="running"} 0');
  expect(text).toContain('citizen_projection_skipped_events{projection="transcript"} 1');
  expect(text).toContain('citizen_projection_events_per_second{projection="transcript"} 12');
  expect(text).toContain('citizen_projection_rebuild_events_left{projection="transcript"} 40');
  left = null;
  expect(await metrics.text()).not.toContain('rebuild_events_left{');
});

it('is scraped also when a read model cannot be asked', async () => {
  const metrics = create();
  metrics.watchProjections(() => Promise.reject(new Error('no database')));
  expect(await metrics.text()).not.toContain('projection_lag_events{');
});

it('keeps two registries apart', async () => {
  const [one, other] = [create(), create()];
  one.deltaSent();
  expect(await one.text()).toContain('citizen_deltas_sent_total 1');
  expect(await other.text()).toContain('citizen_deltas_sent_total 0');
});
