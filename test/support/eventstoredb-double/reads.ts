import { randomUUID } from 'node:crypto';
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import {
  accessDenied,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
  nameOf,
  notFoundMessage,
  serverError,
} from './messages.js';
import type { FaultState, Which } from './faults.js';
import type { MemoryServer, StoredRecord } from './memory-server.js';

type Call = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type Options = streams.ReadReq.Options;
/** A filtered subscription tells where it is after so many records that it looked at, for each unit of the client's interval. */
const RECORDS_PER_CHECKPOINT = 32;

const BACKWARDS = 1;

/** Writes as fast as the client takes it; false when the call is over or was broken by a fault. */
const createWriter = (call: Call, faults: FaultState) => {
  const isMeant = (which: Which): boolean => which === 'all' || call.request.getOptions()?.hasSubscription() === true;
  const cut = faults.cut.times > 0 && isMeant(faults.cut.which) ? { ...faults.cut } : undefined;
  if (cut !== undefined) faults.cut.times -= 1;
  let events = 0;
  let stalled = 0;
  const state = { over: false, wake: (): void => undefined };
  const end = (): void => {
    state.over = true;
    state.wake();
  };
  call.on('cancelled', end);
  call.on('close', end);
  call.on('drain', () => state.wake());
  const isOver = (): boolean => state.over || call.cancelled;
  return {
    isOver,
    /** Told when the call is over, or can take more. */
    onWake: (wake: () => void) => void (state.wake = wake),
    write: async (message: streams.ReadResp): Promise<boolean> => {
      if (isOver()) return false;
      const { stall } = faults;
      if (message.hasEvent() && stall !== undefined && isMeant(stall.which) && stalled++ >= stall.after) {
        await new Promise<void>((resolve) => (state.wake = resolve));
        return false;
      }
      if (cut !== undefined && message.hasEvent() && events++ >= cut.after) {
        state.over = true;
        if (cut.how === 'end') call.end();
        else call.emit('error', serverError(status.UNAVAILABLE, undefined));
        return false;
      }
      if (message.hasEvent()) faults.sent += 1;
      if (!call.write(message)) await new Promise<void>((resolve) => (state.wake = resolve));
      return !isOver();
    },
  };
};

const readOneStream = async (server: MemoryServer, call: Call, options: Options, faults: FaultState): Promise<void> => {
  const asked = options.getStream();
  const name = nameOf(asked?.getStreamIdentifier());
  const found = server.read(name);
  if (found === 'tombstoned') {
    call.emit('error', serverError(status.FAILED_PRECONDITION, 'stream-deleted', { 'stream-name': name }));
    return;
  }
  const writer = createWriter(call, faults);
  if (found === undefined) {
    await writer.write(notFoundMessage(name));
    call.end();
    return;
  }
  const backwards = (options.getReadDirection() as number) === BACKWARDS;
  const from = asked?.hasRevision() === true ? Number(asked.getRevision()) : asked?.hasEnd() === true ? Infinity : 0;
  const matching = backwards
    ? found.filter(({ revision }) => revision <= from).reverse()
    : found.filter(({ revision }) => revision >= from);
  for (const record of matching.slice(0, Number(options.getCount()))) {
    if (!(await writer.write(eventMessage(record, !faults.old)))) return;
  }
  if (!writer.isOver()) call.end();
};

/** Where in the log a position is; the real server cannot read from the middle of a record either. */
const indexAfter = (server: MemoryServer, options: Options): number | undefined => {
  const all = options.getAll();
  if (all?.hasEnd() === true) return server.all.length;
  const at = all?.hasPosition() === true ? BigInt(all.getPosition()?.getCommitPosition() ?? 0) : 0n;
  if (at === 0n) return 0;
  let low = 0;
  for (let high = server.all.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((server.all[middle]?.position ?? 0n) < at) low = middle + 1;
    else high = middle;
  }
  return server.all[low]?.position === at ? low : undefined;
};

const matcher = (options: Options): ((record: StoredRecord) => boolean) => {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const byStream = filter.hasStreamIdentifier();
  const expression = byStream ? filter.getStreamIdentifier() : filter.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const pattern = expression?.getRegex() ?? '';
  const regex = pattern === '' ? undefined : new RegExp(pattern);
  return (record) => {
    const text = byStream ? record.stream : record.type;
    return regex === undefined ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
  };
};

const readAll = async (server: MemoryServer, call: Call, options: Options, faults: FaultState): Promise<void> => {
  const index = indexAfter(server, options);
  if (index === undefined) {
    call.emit('error', serverError(status.INVALID_ARGUMENT, undefined));
    return;
  }
  const writer = createWriter(call, faults);
  const matches = matcher(options);
  const count = Number(options.getCount());
  const backwards = (options.getReadDirection() as number) === BACKWARDS;
  const step = backwards ? -1 : 1;
  let given = 0;
  // Forwards from a record gives that record; backwards from it gives those before.
  for (let at = backwards ? index - 1 : index; given < count; at += step) {
    const record = server.all[at];
    if (record === undefined) break;
    if (!matches(record)) continue;
    given += 1;
    if (!(await writer.write(eventMessage(record)))) return;
  }
  if (!writer.isOver()) call.end();
};

const subscribeToAll = async (
  server: MemoryServer,
  call: Call,
  options: Options,
  faults: FaultState,
): Promise<void> => {
  const index = indexAfter(server, options);
  if (index === undefined) {
    call.emit('error', serverError(status.INVALID_ARGUMENT, undefined));
    return;
  }
  const writer = createWriter(call, faults);
  const matches = matcher(options);
  const every = RECORDS_PER_CHECKPOINT * Math.max(1, options.getFilter()?.getCheckpointintervalmultiplier() ?? 1);
  let wake: () => void = () => undefined;
  const unwatch = server.watch(() => wake());
  try {
    if (!(await writer.write(confirmationMessage(randomUUID())))) return;
    // A position is exclusive for a subscription.
    let at = options.getAll()?.hasPosition() === true ? index + 1 : index;
    let looked = 0;
    while (!writer.isOver()) {
      const record = server.all[at];
      if (record === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          writer.onWake(resolve);
        });
        continue;
      }
      at += 1;
      looked += 1;
      if (matches(record) && !(await writer.write(eventMessage(record)))) return;
      if (options.hasFilter() && looked % every === 0 && !(await writer.write(checkpointMessage(record.position))))
        return;
    }
  } finally {
    unwatch();
  }
};

/** Answers one call of `Read`: a stream, the whole log, or a subscription to it. */
export const answerRead = async (server: MemoryServer, call: Call, faults: FaultState): Promise<void> => {
  const options = call.request.getOptions();
  if (options === undefined) call.emit('error', serverError(status.INVALID_ARGUMENT, undefined));
  else if (faults.denied === 'reads') call.emit('error', accessDenied());
  else if (options.hasStream()) await readOneStream(server, call, options, faults);
  else if (options.hasSubscription()) await subscribeToAll(server, call, options, faults);
  else await readAll(server, call, options, faults);
};
