import { parseArgs } from 'node:util';
import type { Target } from './bench.js';
import { profiles, type Case, type Profile } from './case.js';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'list'; readonly cases: readonly Case[] }
  | { readonly kind: 'run'; readonly target: Target; readonly cases: readonly Case[]; readonly json: boolean }
  | { readonly kind: 'wrong'; readonly why: string };

export const usage = `Checks from outside whether a chat server keeps to PROTOCOL.md.

  citizen-conformance ws://host:port [options]

  --profile v1|classic|all   cases of one profile only (default: all)
  --only V40,C10             these cases only; a part such as V4 takes all that begin with it
  --http http://host:port    origin of the HTTP API (default: that of the WebSocket address)
  --reply-timeout seconds    how long the assistant may take for an answer (default: 10)
  --json                     print the result as one JSON document
  --list                     print the cases and run none
  --help                     print this

The server is sent about a hundred short messages, in sessions that the suite opens itself with POST /api/agent/session.
Exit code: 0 when no case failed, 1 when some did, 2 when the suite could not run.`;

const DEFAULT_REPLY_S = 10;
const options = {
  profile: { type: 'string' },
  only: { type: 'string' },
  http: { type: 'string' },
  'reply-timeout': { type: 'string' },
  json: { type: 'boolean' },
  list: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const wrong = (why: string): Command => ({ kind: 'wrong', why });

const chosen = (cases: readonly Case[], profile: string, only: string | undefined): readonly Case[] => {
  const parts = only?.split(/[\s,]+/).filter((part) => part !== '');
  return cases.filter(
    ({ id, profile: own }) =>
      (profile === 'all' || own === profile) && (parts === undefined || parts.some((part) => id.startsWith(part))),
  );
};

const isProfile = (word: string): word is Profile | 'all' => word === 'all' || profiles.some((known) => known === word);

/** Addresses of the server, from the WebSocket address and, if given, the HTTP origin. Null: they cannot be read. */
const targetOf = (address: string, http: string | undefined): Pick<Target, 'ws' | 'http'> | null => {
  try {
    const url = new URL(address);
    if (url.protocol !== 'ws:' && url.protocol !== 'wss:') return null;
    url.search = '';
    url.hash = '';
    const origin =
      http === undefined ? `${url.protocol === 'wss:' ? 'https' : 'http'}://${url.host}` : new URL(http).origin;
    return { ws: url.href, http: origin };
  } catch {
    return null;
  }
};

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options, allowPositionals: true });

/** What the command line asks for. Never throws. */
export const readArguments = (args: readonly string[], all: readonly Case[]): Command => {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : 'The arguments cannot be read');
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'help' };
  const profile = values.profile ?? 'all';
  if (!isProfile(profile)) return wrong(`--profile must be ${profiles.join(', ')} or all`);
  const cases = chosen(all, profile, values.only);
  if (cases.length === 0) return wrong('No case has this name');
  if (values.list === true) return { kind: 'list', cases };
  const [address, ...rest] = positionals;
  if (address === undefined || rest.length > 0) return wrong('Give one address, such as ws://localhost:3000');
  const target = targetOf(address, values.http);
  if (target === null) return wrong('The address must begin with ws:// or wss://, and --http with http:// or https://');
  const replyS = Number(values['reply-timeout'] ?? DEFAULT_REPLY_S);
  if (!(replyS > 0 && replyS <= 600)) return wrong('--reply-timeout must be a number of seconds up to 600');
  return { kind: 'run', target: { ...target, replyMs: replyS * 1000 }, cases, json: values.json === true };
};
