import type { Outcome, ProjectionAdmin, ProjectionStatus, RefusalCode } from '../../projections/admin.js';
import type { ExitCode } from '../output.js';
import { jsonLine, withNames, type ProjectionsCommand } from './command.js';

/** What a person may order for one projection. */
export type Order =
  | { readonly kind: 'cancel' | 'rollback' | 'resume' | 'retry' | 'drop-old' }
  | { readonly kind: 'pause'; readonly reason?: string | undefined }
  | { readonly kind: 'skip'; readonly position: bigint; readonly reason: string; readonly by: string };

export interface OrderCommand extends ProjectionsCommand {
  readonly name: string;
  readonly order: Order;
}

/** Passes an order on. */
const give = (admin: ProjectionAdmin, name: string, order: Order): Promise<Outcome> => {
  switch (order.kind) {
    case 'cancel':
      return admin.cancelRebuild(name);
    case 'rollback':
      return admin.rollback(name);
    case 'drop-old':
      return admin.dropOld(name);
    case 'pause':
      return admin.pause(name, { reason: order.reason });
    case 'resume':
      return admin.resume(name);
    case 'retry':
      return admin.retry(name);
    case 'skip':
      return admin.skip(name, order);
  }
};

/** What comes next when it was done. */
const next = (name: string): Readonly<Record<Order['kind'], string>> => ({
  cancel: `Begin anew with: citizen projections rebuild ${name}`,
  rollback:
    `Look whether all is well. The same command brings the other rows back; ` +
    `citizen projections drop-old ${name} frees their room.`,
  'drop-old': 'There is nothing to roll back to until the next rebuild.',
  pause: `Its rows are served on and grow older. Go on with: citizen projections resume ${name}`,
  resume: `Watch it catch up: citizen projections status ${name} --watch`,
  retry: `Watch it: citizen projections status ${name} --watch`,
  skip:
    'Who, why and which event is recorded. A rebuild of this version leaves the event out too; a new version of the ' +
    `projection takes it in again.\nWatch it catch up: citizen projections status ${name} --watch`,
});

/** What may help when it was refused. */
const advice = (name: string): Readonly<Record<RefusalCode, string | null>> => ({
  unknown_projection: null,
  not_live: 'A server of this version makes and builds it when it starts: citizen projections status',
  no_rebuild: 'What is at work: citizen projections status',
  no_previous: 'A rebuild keeps the rows of before: citizen projections list',
  busy: 'Try again in a moment. Who is at work: citizen projections status',
  already_paused: `Go on with: citizen projections resume ${name}`,
  not_paused: `How it stands: citizen projections status ${name}`,
  not_failed: `How it stands: citizen projections status ${name}`,
  other_event: `Where it stands: citizen projections status ${name}`,
  unreadable_event: 'Look at the log first: citizen verify',
  reason_needed: null,
  stopped_at_event: `Which one: citizen projections status ${name}`,
  other_log: `Build it anew from this log: citizen projections rebuild ${name}`,
});

/** `Left out: …`, of the event at which it stood. */
const leftOut = ({ name, error }: ProjectionStatus): string =>
  `Left out of ${name}: ${error?.eventType ?? 'the event'} at position ${error?.position ?? '?'}` +
  `${error?.eventId === undefined ? '' : ` (event ${error.eventId})`}. The event itself stays in the log.\n`;

/**
 * `citizen projections cancel | rollback | drop-old | pause | resume | retry | skip <name>`. Orders hold for all processes.
 * @returns 0 when done, 1 when it was refused, 2 when it could not be done
 */
export const runOrder = (command: OrderCommand): Promise<ExitCode> =>
  withNames(command, [command.name], async () => {
    const { admin, output, name, order, json } = command;
    const before = order.kind === 'skip' ? await admin.status() : [];
    const outcome = await give(admin, name, order);
    if (json === true) output.out(jsonLine({ name, ...outcome }));
    else if (outcome.ok) {
      const stood = before.find(
        (status) => status.name === name && status.error?.position === String(positionOf(order)),
      );
      output.out(`${outcome.message}\n${stood === undefined ? '' : leftOut(stood)}${next(name)[order.kind]}\n`);
    } else {
      const help = advice(name)[outcome.code];
      output.err(`${outcome.message} (${outcome.code})\n${help === null ? '' : `${help}\n`}`);
    }
    return outcome.ok ? 0 : 1;
  });

const positionOf = (order: Order): bigint | null => (order.kind === 'skip' ? order.position : null);
