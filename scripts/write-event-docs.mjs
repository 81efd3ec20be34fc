// Writes docs/events.md from the catalogue, and a stored sample for every event version that has none yet:
//   npm run docs:events
//   npm run docs:events -- --replace <Type>    makes the sample of a version anew that was never released
// A sample of a released version is never changed: old logs hold that shape.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventDefinitions } from '../dist/events/catalogue/index.js';
import { createCodec } from '../dist/events/codec.js';
import { describeCatalogue, jsonSchemaOf } from '../dist/events/describe-catalogue.js';
import { createMemoryKeyStore } from '../dist/events/memory-key-store.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, 'test', 'fixtures', 'events');
const replaced = process.argv.flatMap((argument, index) => (process.argv[index - 1] === '--replace' ? [argument] : []));

const texts = {
  content: 'The clinic asked for money before it let my mother in.',
  identity: 'Aminata Kamara',
  evidence: 'receipt.jpg',
  handover: 'Your access key: 7M3K-9QXD-2HTV-5RWB',
};
const formats = { uuid: '018f3c1e-5b7a-7c3d-9e2f-0123456789ab', 'date-time': '2026-03-04T05:06:07.089Z' };

/** A value with every field there is, the optional ones too; the same each time. */
const sampleOf = (schema, name = 'value') => {
  if (schema['x-personal']) return texts[schema['x-personal']];
  if (schema.anyOf) return sampleOf(schema.anyOf[0], name);
  if (schema.enum) return schema.enum[0];
  if (schema.items) return [sampleOf(schema.items, name)];
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([key, field]) => [key, sampleOf(field, key)]));
  }
  const type = [schema.type].flat()[0];
  if (type === 'boolean') return true;
  if (type === 'integer') return Math.max(1, schema.minimum ?? 1);
  if (type === 'number') return schema.maximum === 1 ? 0.75 : 1;
  if (schema.pattern === '^[0-9a-f]{64}$') return 'a1'.repeat(32);
  return formats[schema.format] ?? `a-${name}`;
};

// The test opens the samples with this key: 32 times the byte 7.
const codec = createCodec({ definitions: eventDefinitions, keys: createMemoryKeyStore(() => Buffer.alloc(32, 7)) });
mkdirSync(folder, { recursive: true });
for (const definition of eventDefinitions) {
  const file = path.join(folder, `${definition.type}.v${definition.version}.json`);
  if (existsSync(file) && !replaced.includes(definition.type)) continue;
  const schema = jsonSchemaOf(definition);
  const data = sampleOf(schema);
  const [stored] = await codec.encode([
    {
      event: { type: definition.type, data },
      id: '018f3c1e-5b7a-7c3d-9e2f-0123456789ab',
      occurredAt: '2026-03-04T05:06:07.089Z',
      actor: { kind: 'system' },
      subject: 'sample-subject',
    },
  ]);
  const sample = {
    type: definition.type,
    schemaVersion: definition.version,
    payload: stored.payload,
    expected: data,
    schema,
  };
  writeFileSync(file, `${JSON.stringify(sample, null, 2)}\n`);
  process.stdout.write(`Wrote ${path.relative(root, file)}\n`);
}
writeFileSync(path.join(root, 'docs', 'events.md'), describeCatalogue());
process.stdout.write('Wrote docs/events.md\n');
