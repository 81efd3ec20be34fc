import { messageOf } from '../output.js';
import { isStartupError } from '../../platform/startup-error.js';

/** What one check found. `note`: nothing to do, but worth knowing. */
export interface Finding {
  readonly check:
    'configuration' | 'disk' | 'permissions' | 'master key' | 'database' | 'migrations' | 'event store' | 'clock';
  readonly state: 'ok' | 'note' | 'bad';
  /** One sentence, without a secret. */
  readonly found: string;
  /** What a person can do about it. */
  readonly todo?: string;
}

/** A failure as a finding. A StartupError says itself what to do. */
export const bad = (check: Finding['check'], error: unknown, todo: string): Finding => ({
  check,
  state: 'bad',
  found: messageOf(error),
  ...(isStartupError(error) ? {} : { todo }),
});
