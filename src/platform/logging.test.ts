import { describe, expect, it } from 'vitest';
import { createLogger, debugLogger, isNamespaceOn, type Logger } from './logging.js';

function loggerTo(lines: string[], logLevel: 'info' | 'silent' = 'info'): Logger {
  return createLogger({ logLevel }, { write: (line: string) => void lines.push(line) });
}
const lastLine = (lines: readonly string[]): unknown => JSON.parse(lines.at(-1) ?? 'null');

describe('createLogger', () => {
  it('writes one JSON object per line, with the level as a word and an ISO time', () => {
    const lines: string[] = [];
    loggerTo(lines).info({ count: 3 }, 'first\nsecond');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.slice(0, -1)).not.toContain('\n');
    expect(lastLine(lines)).toMatchObject({
      ...{ level: 'info', count: 3, msg: 'first\nsecond' },
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('leaves out what is less important than its level', () => {
    const lines: string[] = [];
    loggerTo(lines).debug('quiet');
    expect(lines).toEqual([]);
  });

  it('hides fields that hold secrets or what a citizen wrote, at any depth', () => {
    const lines: string[] = [];
    const secrets = { sessionId: 'canary', session_token: 'canary', text: 'canary', headers: { Cookie: 'canary' } };
    loggerTo(lines).info({ ...secrets, list: [{ accessKey: 'canary' }] }, 'x');
    expect(lines[0]).not.toContain('canary');
    expect(lastLine(lines)).toMatchObject({ sessionId: '[redacted]', list: [{ accessKey: '[redacted]' }] });
  });

  it('hides secrets inside addresses, in fields, messages and errors', () => {
    const lines: string[] = [];
    const error = new Error('cannot reach postgres://me:canary@host/db', { cause: new Error('Bearer canary') });
    loggerTo(lines).error({ err: error, url: '/ws?sessionId=canary&x=1' }, 'GET /?token=canary failed');
    expect(lines[0]).not.toContain('canary');
    expect(lastLine(lines)).toMatchObject({ url: '/ws?sessionId=[redacted]&x=1', err: { type: 'Error' } });
  });

  it('keeps the values out that the database driver puts into errors', () => {
    const lines: string[] = [];
    const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (name)=(canary)' });
    loggerTo(lines).error(error, 'could not store');
    expect(lastLine(lines)).toMatchObject({ err: { code: '23505', message: 'duplicate key' } });
    expect(lines[0]).not.toContain('canary');
  });
});

describe('debugLogger', () => {
  it('prints lines of a namespace that DEBUG names although the level is info', () => {
    const lines: string[] = [];
    debugLogger(loggerTo(lines), ['websocket:*'], 'websocket:frames')({ bytes: 2 }, 'frame');
    expect(lastLine(lines)).toMatchObject({ level: 'debug', namespace: 'websocket:frames', bytes: 2, msg: 'frame' });
  });

  it('prints nothing of other namespaces', () => {
    const lines: string[] = [];
    const log = debugLogger(loggerTo(lines), ['websocket:*'], 'hub');
    log({}, 'nothing');
    expect([log.enabled, lines]).toEqual([false, []]);
  });

  it.each([
    [['*'], 'websocket', true],
    [['websocket'], 'websocket:frames', false],
    [['web*:frames'], 'websocket:frames', true],
    [['websocket:*', '-websocket:frames'], 'websocket:frames', false],
    [['-websocket:*', '*'], 'hub', true],
    [['web.ocket'], 'websocket', false],
    [[], 'websocket', false],
  ])('with DEBUG=%j, %s is on: %s', (patterns, namespace, on) => {
    expect(isNamespaceOn(patterns, namespace)).toBe(on);
  });
});
