import { describeSettings, type SettingDescription } from './config.js';

const inCode = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** `docs/configuration.md`, made from the settings themselves. */
export function renderConfigurationDoc(): string {
  const sections = byGroup().map(([group, settings]) =>
    [
      `## ${group}`,
      '',
      '| variable | default | unit | what it does |',
      '|---|---|---|---|',
      ...settings.map(({ name, default: value, unit, description, secret }) => {
        const shown = value === undefined ? 'unset' : inCode(value);
        return `| ${inCode(name)}${secret ? ' (secret)' : ''} | ${shown} | ${cell(unit ?? '')} | ${cell(description)} |`;
      }),
    ].join('\n'),
  );
  return `${[
    '# Configuration',
    '',
    'Every setting is an environment variable, and every one has a default that works. A variable that is empty counts as',
    'unset; a value that cannot be used ends the start with a message that names every such variable at once. Byte counts may',
    'be written as `10485760` or `10 MiB`. Secrets are never printed.',
    '',
    'This page is generated from `src/platform/config/`; after a change there run `npx vitest run --project unit src/platform -u`.',
    '',
    sections.join('\n\n'),
  ].join('\n')}\n`;
}

/** What docker-compose.yml alone reads; its test holds them against it. */
const COMPOSE_SETTINGS = [
  '# ---- Only for docker compose ----',
  '# There, DATA_DIR, DATABASE_URL, HOST and PORT are what docker-compose.yml says, and EVENTSTORE_URL is its own KurrentDB unless set.',
  '# Port of this machine at which the chat is published. (TCP port)',
  '#PUBLISHED_PORT=3000',
  '# Password of its PostgreSQL, which nobody outside can reach. Letters and digits, for it becomes part of an address. Choose it before',
  '# the first start: later the database keeps the one that it was made with. (text)',
  '#POSTGRES_PASSWORD=citizen',
].join('\n');

/** `.env.example`, with every setting commented out at its default. */
export function renderEnvExample(): string {
  const sections = byGroup().map(([group, settings]) =>
    [
      `# ---- ${group} ----`,
      ...settings.map(({ name, default: value, unit, description }) =>
        [
          `# ${description}${unit === undefined ? '' : ` (${unit})`}`,
          `#${name}=${value?.includes(' ') === true ? `"${value}"` : (value ?? '')}`,
        ].join('\n'),
      ),
    ].join('\n'),
  );
  return `${[
    '# All settings at their defaults. Copy to .env, take the # away where you want another value, and start with:',
    '#   node --env-file=.env dist/main.js',
    '# docker compose reads .env by itself.',
    '# Generated from src/platform/config/, like docs/configuration.md.',
    '',
    [...sections, COMPOSE_SETTINGS].join('\n\n'),
  ].join('\n')}\n`;
}

function byGroup(): (readonly [string, readonly SettingDescription[]])[] {
  const settings = describeSettings();
  const groups = [...new Set(settings.map(({ group }) => group))];
  return groups.map((group) => [group, settings.filter((setting) => setting.group === group)] as const);
}
