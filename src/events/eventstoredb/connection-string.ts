import { startupError } from '../../platform/startup-error.js';

/** What a connection string says, after it was checked. */
export interface EventStoreAddress {
  /** For the client. Holds a password: never printed, never logged. */
  readonly connectionString: string;
  /** For people: hosts only. */
  readonly hosts: string;
  readonly tls: boolean;
  readonly hasCredentials: boolean;
}

const anything = /^[^?]+$/;
const orNever = /^(-1|[1-9]\d{0,8})$/;
/** Options that the client knows, in the way it compares them, and what it takes as their values. */
const known: ReadonlyMap<string, RegExp> = new Map([
  ['usercertfile', anything],
  ['userkeyfile', anything],
  ['maxdiscoverattempts', /^[1-9]\d{0,5}$/],
  ['connectionname', anything],
  ['defaultdeadline', /^[1-9]\d{0,8}$/],
  ['discoveryinterval', /^\d{1,8}$/],
  ['gossiptimeout', /^[1-9]\d{0,4}$/],
  ['nodepreference', /^(leader|follower|read_?only_?replica|random)$/i],
  ['tls', /^(true|false)$/],
  ['tlscafile', anything],
  ['keepaliveinterval', orNever],
  ['keepalivetimeout', orNever],
]);
/** Options that would do harm or nothing, and why. */
const refused: Readonly<Record<string, string>> = {
  throwonappendfailure: 'with it the client gives wrong revisions',
  tlsverifycert: 'the client ignores it; name the certificate authority with tlsCAFile instead',
};
/** A dead or frozen node is noticed after the sum of these; the client's own defaults would need 20 s. */
const KEEP_ALIVE = { keepaliveinterval: 'keepAliveInterval=10000', keepalivetimeout: 'keepAliveTimeout=3000' };

const form = /^(?:esdb|kurrentdb|kdb)(\+discover)?:\/\/(?:([^/?@]*)@)?([^/?@]+)\/?(?:\?(.*))?$/;
const flat = (name: string): string => name.trim().toLowerCase().replace(/[_-]/g, '');

const bad = (why: string): Error =>
  startupError(
    'bad_event_store_url',
    `EVENTSTORE_URL cannot be used: ${why}. It looks like esdb://user:password@host1:2113,host2:2113?tls=true`,
  );

const decodes = (text: string): boolean => {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
};

/** The client would cut a password short at a colon, and take `user:` for a host. */
const checkCredentials = (text: string): void => {
  const parts = text.split(':');
  if (parts.length === 2 && parts.every(decodes)) return;
  throw bad(
    'what is before the @ is not user:password, with : / ? @ and % in them percent-encoded (%3A %2F %3F %40 %25)',
  );
};

/** The options as they are to be given to the client, by the name it compares. */
const readOptions = (query: string): Map<string, string> => {
  const options = new Map<string, string>();
  for (const part of query.split('&').filter((piece) => piece !== '')) {
    const [name = '', ...rest] = part.split('=');
    const value = rest.join('=');
    const key = flat(name);
    const why = refused[key];
    if (why !== undefined) throw bad(`its option ${name} must go: ${why}`);
    const fits = known.get(key);
    if (fits === undefined) throw bad('it has an option that the client does not know');
    if (value === '') throw bad(`its option ${name} has no value`);
    if (!fits.test(value) || !decodes(value)) throw bad(`its option ${name} has a value that cannot be`);
    options.set(key, part);
  }
  if (options.has('usercertfile') !== options.has('userkeyfile')) {
    throw bad('userCertFile and userKeyFile belong together');
  }
  for (const [key, part] of Object.entries(KEEP_ALIVE)) if (!options.has(key)) options.set(key, part);
  return options;
};

/**
 * Reads `EVENTSTORE_URL`. The client would print an address that it does not like, password and all: so what it cannot take
 * is found here. `kurrentdb://` is the same protocol under its new name.
 * @throws StartupError `bad_event_store_url`, without anything of the address that may be secret
 */
export const readConnectionString = (text: string): EventStoreAddress => {
  const [, discover = '', credentials, hosts = '', query = ''] = form.exec(text.trim()) ?? [];
  if (hosts === '') {
    throw bad('it is not an address of EventStoreDB or KurrentDB (if its password has / ? or @, write %2F %3F %40)');
  }
  for (const host of hosts.split(',')) {
    const [, port = '2113'] = /^[A-Za-z0-9._-]+(?::(\d{1,5}))?$/.exec(host) ?? [undefined, ''];
    if (port === '' || Number(port) > 65_535) throw bad('one of its hosts is not name:port');
  }
  if (credentials !== undefined) checkCredentials(credentials);
  const options = readOptions(query);
  return {
    connectionString: `esdb${discover}://${credentials === undefined ? '' : `${credentials}@`}${hosts}?${[...options.values()].join('&')}`,
    hosts,
    tls: !(options.get('tls') ?? '').endsWith('=false'),
    hasCredentials: credentials !== undefined,
  };
};
