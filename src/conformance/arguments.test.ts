import { describe, expect, it } from 'vitest';
import { allCases } from './all-cases.js';
import { readArguments, type Command } from './arguments.js';

const read = (...args: string[]): Command => readArguments(args, allCases);
const run = (...args: string[]): Extract<Command, { kind: 'run' }> => {
  const command = read(...args);
  if (command.kind !== 'run') throw new Error(command.kind);
  return command;
};

describe('the arguments of citizen-conformance', () => {
  it('take the HTTP origin from the WebSocket address', () => {
    expect(run('ws://localhost:3000').target).toMatchObject({
      ws: 'ws://localhost:3000/',
      http: 'http://localhost:3000',
    });
    expect(run('wss://chat.example.org/ws?x=1').target).toMatchObject({
      ws: 'wss://chat.example.org/ws',
      http: 'https://chat.example.org',
    });
    expect(run('wss://chat.example.org', '--http', 'https://api.example.org/').target.http).toBe(
      'https://api.example.org',
    );
  });

  it('choose cases by profile and by the beginning of their number', () => {
    expect(run('ws://h').cases).toHaveLength(allCases.length);
    expect(new Set(run('ws://h', '--profile', 'v1').cases.map(({ profile }) => profile))).toEqual(new Set(['v1']));
    expect(run('ws://h', '--only', 'V40,C02').cases.map(({ id }) => id)).toEqual(['C02', 'V40']);
    expect(run('ws://h', '--only', 'V0').cases.length).toBeGreaterThan(3);
  });

  it('wait ten seconds for a reply unless told otherwise', () => {
    expect(run('ws://h').target.replyMs).toBe(10_000);
    expect(run('ws://h', '--reply-timeout', '2.5').target.replyMs).toBe(2500);
  });

  it.each([
    [[]],
    [['http://localhost:3000']],
    [['not an address']],
    [['ws://h', 'ws://other']],
    [['ws://h', '--profile', 'v2']],
    [['ws://h', '--only', 'X99']],
    [['ws://h', '--reply-timeout', 'soon']],
    [['ws://h', '--reply-timeout', '0']],
    [['ws://h', '--http', 'elsewhere']],
    [['ws://h', '--colour']],
  ])('are refused when they are %j', (args) => {
    expect(read(...args).kind).toBe('wrong');
  });

  it('need no address for help and for the list', () => {
    expect(read('--help').kind).toBe('help');
    expect(read('--list', '--profile', 'classic').kind).toBe('list');
  });
});
