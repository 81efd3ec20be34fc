import { describe, expect, it } from 'vitest';
import { readConnectionString } from './connection-string.js';

const messageOf = (text: string): string => {
  try {
    readConnectionString(text);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ name: 'StartupError', code: 'bad_event_store_url' });
    expect(Object.values(error as object).join(' ')).not.toContain('open-sesame');
    return (error as Error).message;
  }
};

describe('EVENTSTORE_URL', () => {
  it.each([
    ['esdb://localhost:2113?tls=false', 'localhost:2113', false, false],
    ['esdb://u:p@h', 'h', true, true],
    ['esdb://u:p@h1:2113,h2:2113,h3:2113?tls=true&nodePreference=leader', 'h1:2113,h2:2113,h3:2113', true, true],
    ['kurrentdb+discover://cluster.example:2113/?keepAliveInterval=-1', 'cluster.example:2113', true, false],
    ['esdb://us%3Aer:p%40s%2Fs@h:1?tlsCAFile=%2Fetc%2Fca.crt&connectionName=a=b', 'h:1', true, true],
  ])('%s is taken', (text, hosts, tls, hasCredentials) => {
    expect(readConnectionString(text)).toMatchObject({ hosts, tls, hasCredentials });
  });

  it.each([
    ['http://h:2113', 'not an address'],
    ['esdb://', 'not an address'],
    ['esdb://user:open-sesame/1@h:2113', '%2F'],
    ['esdb://user:open@sesame@h:2113', '%40'],
    ['esdb://user:open-sesame:more@h:2113', 'percent-encoded'],
    ['esdb://user:open-sesame%zz@h:2113', 'percent-encoded'],
    ['esdb://user:@h:2113', 'percent-encoded'],
    ['esdb://user@h:2113', 'percent-encoded'],
    ['esdb://h:many', 'name:port'],
    ['esdb://h:99999', 'name:port'],
    ['esdb://h:2113,', 'name:port'],
    ['esdb://user:open-sesame@h:2113?tls=maybe', 'its option tls'],
    ['esdb://user:open-sesame@h:2113?tls=false ,', 'its option tls'],
    ['esdb://user:open-sesame@h:2113?keepAliveInterval=soon', 'keepAliveInterval'],
    ['esdb://user:open-sesame@h:2113?keepAliveTimeout=-2', 'keepAliveTimeout'],
    ['esdb://user:open-sesame@h:2113?defaultDeadline=0', 'defaultDeadline'],
    ['esdb://user:open-sesame@h:2113?nodePreference=best', 'nodePreference'],
    ['esdb://user:open-sesame@h:2113?tls', 'no value'],
    ['esdb://user:open-sesame@h:2113?color=red', 'does not know'],
    ['esdb://user:open-sesame@h:2113?throwOnAppendFailure=false', 'must go'],
    ['esdb://user:open-sesame@h:2113?tlsVerifyCert=false', 'tlsCAFile'],
    ['esdb://user:open-sesame@h:2113?userCertFile=a.crt', 'belong together'],
  ])('%s is refused, with the reason and without the password', (text, reason) => {
    expect(messageOf(text)).toContain(reason);
  });
});
