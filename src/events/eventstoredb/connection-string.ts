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

/** Options that the client knows, in the way it compares them. */
const known = new Set([
  'usercertfile',
  'userkeyfile',
  'maxdiscoverattempts',
  'connectionname',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'nodepreference',
  'tls',
  'tlscafile',
  'keepaliveinterval',
  'keepalivetimeout',
]);
/** Options that would do harm or nothing, and why. */
const refused: Readonly<Record<string, string>> = {
  throwonappendfailure: 'with it the client gives wrong revisions',
  tlsverifycert: 'the client ignores it; name the certificate authority with tlsCAFile instead',
};
/** A dead or frozen node is noticed after the sum of these; the client's own defaults would need 20 s. */
const KEEP_ALIVE = { keepaliveinterval: 'keepAliveInterval=10000', keepalivetimeout: 'keepAliveTimeout=3000' };

const form = /^(?:esdb|kurrentdb|kdb)(\+discover)?:\/\/(?:([^/?@]+:[^/?@]*)@)?([^/?@]+)\/?(?:\?(.*))?$/;
const flat = (name: string): string => name.trim().toLowerCase().replace(/[_-]/g, '');

const bad = (why: string): Error =>
  startupError(
    'bad_event_store_url',
    `EVENTSTORE_URL cannot be used: ${why}. It looks like esdb://user:password@host1:2113,host2:2113?tls=true`,
  );

/**
 * Reads `EVENTSTORE_URL`. The client would print an address that it does not like, password and all: so what it cannot take
 * is found here. `kurrentdb://` is the same protocol under its new name.
 * @throws StartupError `bad_event_store_url`, without anything of the address that may be secret
 */
export const readConnectionString = (text: string): EventStoreAddress => {
  const [, discover = '', credentials, hosts = '', query = ''] = form.exec(text.trim()) ?? [];
  if (hosts === '') throw bad('it is not an address of EventStoreDB or KurrentDB');
  for (const host of hosts.split(',')) {
    if (!/^[A-Za-z0-9._-]+(:\d{1,5})?$/.test(host)) throw bad('one of its hosts is not name:port');
  }
  const options = new Map<string, string>();
  for (const part of query.split('&').filter((piece) => piece !== '')) {
    const [name = '', value = ''] = part.split('=');
    const key = flat(name);
    const why = refused[key];
    if (why !== undefined) throw bad(`its option ${name} must go: ${why}`);
    if (!known.has(key)) throw bad('it has an option that the client does not know');
    if (value === '') throw bad(`its option ${name} has no value`);
    options.set(key, part);
  }
  for (const [key, part] of Object.entries(KEEP_ALIVE)) if (!options.has(key)) options.set(key, part);
  const tls = !/=false$/.test(options.get('tls') ?? '');
  return {
    connectionString: `esdb${discover}://${credentials === undefined ? '' : `${credentials}@`}${hosts}?${[...options.values()].join('&')}`,
    hosts,
    tls,
    hasCredentials: credentials !== undefined,
  };
};
