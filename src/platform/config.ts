import { z } from 'zod';
import { limitSettings } from './config/limit-settings.js';
import { metricsSettings } from './config/metrics-settings.js';
import { serverSettings } from './config/server-settings.js';
import type { Setting } from './config/setting.js';
import { timingSettings } from './config/timing-settings.js';
import { startupError } from './startup-error.js';

const groups = {
  Server: serverSettings,
  Limits: limitSettings,
  'Deadlines and rhythms': timingSettings,
  Metrics: metricsSettings,
};
const settings = { ...serverSettings, ...limitSettings, ...timingSettings, ...metricsSettings };

type Settings = typeof settings;
type Key = keyof Settings;
type ValueOf<S> = S extends Setting<infer Value> ? Value : never;

/** Every setting of the program, read once at start and passed to whoever needs it. */
export type Config = { readonly [K in Key]: ValueOf<Settings[K]> };

/** The one schema of all settings, from the texts of the environment (by field name) to a `Config`. */
export const configSchema = z.object(
  Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.schema])) as {
    [K in Key]: z.ZodType<Config[K], string | undefined>;
  },
);

/**
 * Reads the settings out of environment variables; unknown ones are ignored, an empty one counts as unset.
 * @throws StartupError `bad_configuration` naming every bad variable at once, without the value of a secret one
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const textOf = (setting: { env: string }): string | undefined => env[setting.env]?.trim() || undefined;
  const texts = Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, textOf(setting)]));
  const result = configSchema.safeParse(texts);
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) => {
    const setting = settings[issue.path[0] as Key];
    const shown = setting.secret ? '' : ` (it is ${JSON.stringify(textOf(setting))})`;
    return `  ${setting.env} ${issue.message}${shown}`;
  });
  throw startupError('bad_configuration', `The settings cannot be used:\n${[...new Set(complaints)].join('\n')}`);
}

/** What the documentation says about one setting. */
export interface SettingDescription {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly unit?: string | undefined;
  readonly default?: string | undefined;
  readonly secret: boolean;
}

/** All settings in the order of the documentation. */
export function describeSettings(): readonly SettingDescription[] {
  return Object.entries(groups).flatMap(([group, members]) =>
    Object.values(members).map((setting: Setting<unknown>) => ({
      name: setting.env,
      group,
      description: setting.description,
      unit: setting.unit,
      default: setting.defaultText,
      secret: setting.secret,
    })),
  );
}
