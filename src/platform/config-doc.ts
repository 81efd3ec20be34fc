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
    '# Generated from src/platform/config/, like docs/configuration.md.',
    '',
    sections.join('\n\n'),
  ].join('\n')}\n`;
}

function byGroup(): (readonly [string, readonly SettingDescription[]])[] {
  const settings = describeSettings();
  const groups = [...new Set(settings.map(({ group }) => group))];
  return groups.map((group) => [group, settings.filter((setting) => setting.group === group)] as const);
}
