import { describe, expect, it } from 'vitest';
import { describeSettings, doubtsAbout, loadConfig, wholeFrameBytes } from './config.js';
import { isStartupError } from './startup-error.js';

function complaintAbout(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    expect(isStartupError(error) && error.code).toBe('bad_configuration');
    return String(error);
  }
  throw new Error('The settings were accepted');
}

describe('loadConfig', () => {
  it('gives a working configuration without any variable', () => {
    expect(loadConfig({})).toMatchObject({
      ...{ port: 3000, host: '0.0.0.0', dataDir: './data', databaseUrl: undefined, masterKey: undefined },
      ...{ rateLimits: true, logLevel: 'info', debug: [], allowedOrigins: [], trustProxy: [] },
      ...{ maxClassicFrameBytes: 14 * 2 ** 20, maxMessageChars: 8000, messageRefillMs: 1500, accessKeyScryptLog2n: 15 },
    });
  });

  it('ignores variables that it does not know', () => {
    expect(loadConfig({ HOME: '/root', npm_config_x: '1' })).toEqual(loadConfig({}));
  });

  it('takes an empty or blank variable as unset', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ' })).toEqual(loadConfig({}));
  });

  it.each([
    ['10485760', 10_485_760],
    ['10 MiB', 10_485_760],
    ['10MiB', 10_485_760],
    ['2 KiB', 2048],
  ])('reads %j as a number of bytes', (text, bytes) => {
    expect(loadConfig({ MAX_FILE_BYTES: text }).maxFileBytes).toBe(bytes);
  });

  it('reads lists with commas or spaces', () => {
    const { allowedOrigins, debug } = loadConfig({
      ALLOWED_ORIGINS: 'https://a.example, http://localhost:8080',
      DEBUG: 'websocket:* -websocket:frames',
    });
    expect(allowedOrigins).toEqual(['https://a.example', 'http://localhost:8080']);
    expect(debug).toEqual(['websocket:*', '-websocket:frames']);
  });

  it.each(['abc', '-1', '1.5', '65536', '1e3', '0x10', '99999999999999999999'])('refuses %j as a port', (port) => {
    expect(complaintAbout({ PORT: port })).toContain('PORT must be a whole number from 0 to 65535');
  });

  it('names every bad variable at once, by its name in the environment', () => {
    const complaint = complaintAbout({
      PORT: 'x',
      MAX_FILE_BYTES: '5 apples',
      RATE_LIMITS: 'maybe',
      LOG_LEVEL: 'loud',
    });
    for (const name of ['PORT', 'MAX_FILE_BYTES', 'RATE_LIMITS', 'LOG_LEVEL'])
      expect(complaint).toContain(`  ${name} `);
    expect(complaint).toContain('(it is "5 apples")');
  });

  it('takes no prefix of streams that could begin with that of another log', () => {
    expect(loadConfig({ EVENTSTORE_STREAM_PREFIX: 'office_2.' }).eventStoreStreamPrefix).toBe('office_2.');
    for (const prefix of ['citizen.test.', 'citizen', '.']) {
      expect(() => loadConfig({ EVENTSTORE_STREAM_PREFIX: prefix })).toThrow(/EVENTSTORE_STREAM_PREFIX/);
    }
  });

  it('never repeats the value of a secret', () => {
    const complaint = complaintAbout({ DATABASE_URL: 'mysql://me:canary@host/db', MASTER_KEY: 'canary' });
    expect(complaint).toContain('DATABASE_URL must begin with postgres://');
    expect(complaint).toContain('MASTER_KEY must be 32 bytes');
    expect(complaint).not.toContain('canary');
  });

  it.each(['https://a.example/', 'a.example', '*', 'https://*.example'])('refuses %j as an origin', (origin) => {
    expect(complaintAbout({ ALLOWED_ORIGINS: origin })).toContain('ALLOWED_ORIGINS must be origins');
  });

  it('describes every setting once, with a unit where it is a number', () => {
    const settings = describeSettings();
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
    expect(settings.filter((setting) => /^\d+$/.test(setting.default ?? '') && !setting.unit)).toEqual([]);
  });
});

describe('doubts about settings', () => {
  it('are none by default: a frame of the classic profile takes one of the largest files with the longest text', () => {
    const config = loadConfig({});
    expect(doubtsAbout(config)).toEqual([]);
    const text = '\u0001'.repeat(config.maxMessageChars);
    const data = Buffer.alloc(config.maxFileBytes).toString('base64');
    const media = [{ name: 'n'.repeat(512), type: 'application/pdf', size: config.maxFileBytes, data }];
    const frame = JSON.stringify({ type: 'message', id: 'i'.repeat(64), data: { message: text, media } });
    expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(wholeFrameBytes(config));
    expect(wholeFrameBytes(config)).toBeLessThanOrEqual(config.maxClassicFrameBytes);
  });

  it('say that a frame is too small for the largest file', () => {
    const [doubt] = doubtsAbout(loadConfig({ MAX_CLASSIC_FRAME_BYTES: '12 MiB' }));
    expect(doubt).toContain(
      'MAX_CLASSIC_FRAME_BYTES (12582912) is too small for one file of MAX_FILE_BYTES (10485760)',
    );
    expect(doubtsAbout(loadConfig({ MAX_FILE_BYTES: '20 MiB' }))).toHaveLength(1);
  });

  it('say that a conversation has no room for the largest file', () => {
    const [doubt] = doubtsAbout(loadConfig({ MAX_SESSION_EVIDENCE_BYTES: '5 MiB' }));
    expect(doubt).toContain('MAX_SESSION_EVIDENCE_BYTES is smaller than MAX_FILE_BYTES');
  });

  it('are none about frames where no files are taken', () => {
    expect(doubtsAbout(loadConfig({ MAX_FILES_PER_MESSAGE: '0', MAX_CLASSIC_FRAME_BYTES: '64 KiB' }))).toEqual([]);
  });
});
