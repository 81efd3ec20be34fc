import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventDefinitions } from '../../src/events/catalogue/index.js';
import { createCodec } from '../../src/events/codec.js';
import { describeCatalogue, jsonSchemaOf } from '../../src/events/describe-catalogue.js';
import type { KeyStore } from '../../src/events/event-log.js';

interface Sample {
  readonly type: string;
  readonly schemaVersion: number;
  /** As it stands in a log, sealed with the key below. */
  readonly payload: string;
  /** What a reader gets today: opened, and brought to the current version. */
  readonly expected: Record<string, unknown>;
  /** JSON Schema of this version. */
  readonly schema: unknown;
}

const folder = new URL('../fixtures/events/', import.meta.url);
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, sample: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Sample }));
const key = Buffer.alloc(32, 7);
const keys: KeyStore = {
  keyForSealing: () => Promise.resolve(key),
  keyForOpening: () => Promise.resolve(key),
  destroy: () => Promise.resolve(0),
};
const codec = createCodec({ definitions: eventDefinitions, keys });

describe('stored samples', () => {
  it('exist for every event at every version, and for nothing else', () => {
    const wanted = eventDefinitions.flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, index) => `${type}.v${index + 1}.json`),
    );
    expect(samples.map(({ name }) => name).toSorted()).toEqual(wanted.toSorted());
  });

  it.each(samples)('$name reads as it should', async ({ name, sample }) => {
    expect(name).toBe(`${sample.type}.v${sample.schemaVersion}.json`);
    const decoded = codec.decode({
      id: '018f3c1e-5b7a-7c3d-9e2f-0123456789ab',
      type: sample.type,
      schemaVersion: sample.schemaVersion,
      payload: sample.payload,
      occurredAt: '2026-03-04T05:06:07.089Z',
      actor: { kind: 'system' },
      stream: 'session-sample-subject',
      revision: 0,
      position: 1n,
      recordedAt: '2026-03-04T05:06:07.090Z',
      previousHash: '0'.repeat(64),
      hash: '0'.repeat(64),
    });
    const opened = await codec.open(decoded);
    expect(opened.type).toBe(sample.type);
    expect(opened.data).toEqual(sample.expected);
  });

  it.each(eventDefinitions.map((definition) => [definition.type, definition] as const))(
    '%s has the shape that was stored for its version; another shape needs another version',
    (type, definition) => {
      const stored = samples.find(({ name }) => name === `${type}.v${definition.version}.json`);
      expect(jsonSchemaOf(definition)).toEqual(stored?.sample.schema);
    },
  );
});

it('docs/events.md says what the catalogue says (if not: npm run docs:events)', () => {
  expect(readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')).toBe(describeCatalogue());
});
