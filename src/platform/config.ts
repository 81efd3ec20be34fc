import { z } from 'zod';
import { adminSettings } from './config/admin-settings.js';
import { eventStoreSettings } from './config/eventstore-settings.js';
import { limitSettings } from './config/limit-settings.js';
import { metricsSettings } from './config/metrics-settings.js';
import { modelSettings } from './config/model-settings.js';
import { serverSettings } from './config/server-settings.js';
import type { Setting } from './config/setting.js';
import { timingSettings } from './config/timing-settings.js';
import { startupError } from './startup-error.js';

const groups = {
  Server: serverSettings,
  'Language model': modelSettings,
  'EventStoreDB / KurrentDB': eventStoreSettings,
  Limits: limitSettings,
  'Deadlines and rhythms': timingSettings,
  Metrics: metricsSettings,
  'Endpoints of the office': adminSettings,
};
const settings = {
  ...serverSettings,
  ...modelSettings,
  ...eventStoreSettings,
  ...limitSettings,
  ...timingSettings,
  ...metricsSettings,
  ...adminSettings,
};

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

/** What a frame holds besides the file and the text: keys, names, a `data:` prefix. */
const FRAME_OVERHEAD_BYTES = 8 * 1024;
/** A character in JSON, at its longest: an escape such as `\u00e9`. */
const JSON_CHAR_BYTES = 6;

/** Bytes of a frame of the classic profile that carries the largest file as base64, and the longest text. */
export const wholeFrameBytes = ({ maxFileBytes, maxMessageChars }: Pick<Config, 'maxFileBytes' | 'maxMessageChars'>) =>
  Math.ceil(maxFileBytes / 3) * 4 + maxMessageChars * JSON_CHAR_BYTES + FRAME_OVERHEAD_BYTES;

/** Settings that do not fit together: the server starts all the same. One sentence each, for whoever starts it. */
export function doubtsAbout(config: Config): readonly string[] {
  const needed = wholeFrameBytes(config);
  const doubts: string[] = [];
  if (config.maxFilesPerMessage > 0 && config.maxClassicFrameBytes < needed) {
    doubts.push(
      `MAX_CLASSIC_FRAME_BYTES (${config.maxClassicFrameBytes}) is too small for one file of MAX_FILE_BYTES (${config.maxFileBytes}): ` +
        `as base64, with its text, that takes ${needed}. Clients of the classic profile cannot send the largest files.`,
    );
  }
  if (config.maxFileBytes > config.maxSessionEvidenceBytes) {
    doubts.push(
      'MAX_SESSION_EVIDENCE_BYTES is smaller than MAX_FILE_BYTES: no conversation can take the largest files.',
    );
  }
  return doubts;
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
