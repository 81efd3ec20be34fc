import { randomUUID } from 'node:crypto';
import type { EventStoreDBClient } from '@eventstore/db-client';
import unpackError from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import uuids from '@eventstore/db-client/dist/utils/grpcUUID.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import { silence } from './pull.js';
import type { EncodedEvent } from './stored-event.js';

// Appends over one call that stays open, as the client itself sends them (its `batchAppend`), through the client's own
// connection: discovery, TLS, credentials and reconnecting are the client's. What is not the client's is the list of those who
// wait. The client keeps one list for all clients of a process: when one of them loses its connection, everybody's appends are
// rejected, and the answer that comes all the same ends the process (T2). And it asks for the server's capabilities before the
// first append, for ever in vain if that failed once (T1); nothing is asked here, every server from 21.10 on has this call.

/** What is used of the client's inner side. The version of the client is pinned; test/events/eventstoredb covers all of it. */
interface ClientInside {
  readonly GRPCStreamCreator: (
    service: typeof grpcStreams.StreamsClient,
    name: string,
    create: (service: InstanceType<typeof grpcStreams.StreamsClient>) => AppendCall,
  ) => () => Promise<AppendCall>;
  readonly callArguments: (options: object, call: { deadline: number }) => Parameters<BatchAppend>;
}
type BatchAppend = InstanceType<typeof grpcStreams.StreamsClient>['batchAppend'];
type AppendCall = ReturnType<BatchAppend>;
type Answer = streams.BatchAppendResp;

/** One append, ready to be sent, any number of times. */
export interface AppendMessage {
  /** Name on the server. */
  readonly stream: string;
  /** The exact revision; -1: the stream must not exist. */
  readonly expected: number;
  readonly events: readonly (EncodedEvent & { readonly serverId: string })[];
}

export interface Appended {
  readonly revision: number;
  /** Undefined when the server does not say it. */
  readonly position: bigint | undefined;
}

export interface AppendCalls {
  /**
   * @throws the client's error, or that of what is done before a call is opened; `silence` after so many ms, when it may or may not have been written
   */
  append(message: AppendMessage, timeoutMs: number): Promise<Appended>;
}

/**
 * No deadline goes with it: the client's would be a time of day by this machine's clock, and a server whose clock is ahead by
 * more would refuse every append. The server has its own limit, and who waits here has theirs.
 */
const request = ({ stream, expected, events }: AppendMessage, correlation: string) => {
  const options = new streams.BatchAppendReq.Options();
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from(stream, 'utf8'));
  options.setStreamIdentifier(name);
  if (expected === -1) options.setNoStream(new empties.Empty());
  else options.setStreamPosition(String(expected));
  const message = new streams.BatchAppendReq();
  message.setOptions(options);
  message.setCorrelationId(uuids.createUUID(correlation));
  message.setIsFinal(true);
  for (const { serverId, type, contentType, data, metadata } of events) {
    const proposed = new streams.BatchAppendReq.ProposedMessage();
    proposed.setId(uuids.createUUID(serverId));
    proposed.getMetadataMap().set('type', type).set('content-type', contentType);
    proposed.setData(data);
    proposed.setCustomMetadata(metadata);
    message.addProposedMessages(proposed);
  }
  return message;
};

/**
 * What the client makes of the error in an answer. It knows the kinds of 2021: of later ones, and of `Server Is Busy`, it leaves
 * only that it does not know them; there the server's own words and code count.
 */
const readError = (error: NonNullable<ReturnType<Answer['getError']>>, stream: string): Error => {
  const asSaid = Object.assign(new Error(error.getMessage()), { code: error.getCode() });
  if (error.getDetails() === undefined) return asSaid;
  try {
    const named = unpackError.unpackToCommandError(error, stream);
    return (named.type as string) === 'unknown' ? asSaid : named;
  } catch {
    return asSaid;
  }
};

const readAnswer = (answer: Answer, stream: string): Appended | Error => {
  const error = answer.getError();
  if (error !== undefined) return readError(error, stream);
  const success = answer.getSuccess();
  if (success === undefined) return new Error('The answer to an append says nothing');
  const commit = success.getPosition()?.getCommitPosition();
  const position = commit === undefined ? undefined : BigInt(commit);
  return {
    revision: Number(success.getCurrentRevision()),
    position: position === undefined || position > 0x7fff_ffff_ffff_ffffn ? undefined : position,
  };
};

interface Waiting {
  readonly call: AppendCall;
  readonly settle: (outcome: Answer | Error) => void;
}

/**
 * @param onAnswer called for each answer of the server
 * @param beforeOpening nothing is sent over a new call before this is done
 */
export const createAppendCalls = (
  client: EventStoreDBClient,
  onAnswer: () => void,
  beforeOpening: () => Promise<void>,
): AppendCalls => {
  const inside = client as unknown as ClientInside;
  const waiting = new Map<string, Waiting>();
  let current: Promise<AppendCall> | undefined;

  const over = (call: AppendCall, isCurrent: () => boolean, error: Error): void => {
    // An error comes before the end, and between them the next call may have begun.
    if (isCurrent()) current = undefined;
    for (const [id, item] of waiting) {
      if (item.call !== call) continue;
      waiting.delete(id);
      item.settle(error);
    }
  };
  const listen = (call: AppendCall, isCurrent: () => boolean): AppendCall => {
    call.on('data', (answer: Answer) => {
      onAnswer();
      const id = answer.getCorrelationId();
      const key = id === undefined ? '' : uuids.parseUUID(id);
      const item = waiting.get(key); // none: it was given up, or this is the second answer
      waiting.delete(key);
      item?.settle(answer);
    });
    call.on('error', (error: Error) => over(call, isCurrent, error));
    call.on('end', () =>
      over(call, isCurrent, Object.assign(new Error('The server closed the call of the appends'), { code: 14 })),
    );
    return call;
  };
  const open = (): Promise<AppendCall> => {
    const isCurrent = (): boolean => current === opening;
    const create = inside.GRPCStreamCreator(grpcStreams.StreamsClient, 'appendToStream', (service) =>
      // From a node that is not the leader, an append would come back much later or not at all.
      listen(service.batchAppend(...inside.callArguments({ requiresLeader: true }, { deadline: Infinity })), isCurrent),
    );
    const opening = beforeOpening().then(create);
    opening.catch(() => {
      if (isCurrent()) current = undefined;
    });
    return opening;
  };

  return {
    append: (message, timeoutMs) =>
      new Promise((resolve, reject) => {
        const correlation = randomUUID();
        let settled = false;
        const timer = setTimeout(() => settle(silence('answer an append')), timeoutMs);
        const settle = (outcome: Answer | Error): void => {
          settled = true;
          clearTimeout(timer);
          waiting.delete(correlation);
          const read = outcome instanceof Error ? outcome : readAnswer(outcome, message.stream);
          if (read instanceof Error) reject(read);
          else resolve(read);
        };
        current ??= open();
        current.then((call) => {
          if (settled) return; // it took too long to open the call; whoever asked has given up or tries again
          waiting.set(correlation, { call, settle });
          call.write(request(message, correlation));
        }, settle);
      }),
  };
};
