import { randomUUID } from 'node:crypto';
import type { EventStoreDBClient } from '@eventstore/db-client';
import unpackError from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import uuids from '@eventstore/db-client/dist/utils/grpcUUID.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
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
   * @throws the client's error; `silence` after so many ms, when it may or may not have been written
   */
  append(message: AppendMessage, timeoutMs: number): Promise<Appended>;
  /** When the server last answered, by `performance.now()`. */
  readonly heardAt: number;
}

const request = ({ stream, expected, events }: AppendMessage, correlation: string, timeoutMs: number) => {
  const options = new streams.BatchAppendReq.Options();
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from(stream, 'utf8'));
  options.setStreamIdentifier(name);
  options.setDeadline(timestamps.Timestamp.fromDate(new Date(Date.now() + timeoutMs)));
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

const readAnswer = (answer: Answer, stream: string): Appended | Error => {
  const error = answer.getError();
  if (error !== undefined) {
    return error.getDetails() === undefined
      ? Object.assign(new Error(error.getMessage()), { code: error.getCode() })
      : unpackError.unpackToCommandError(error, stream);
  }
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

export const createAppendCalls = (client: EventStoreDBClient): AppendCalls => {
  const inside = client as unknown as ClientInside;
  const waiting = new Map<string, Waiting>();
  let current: Promise<AppendCall> | undefined;
  let heardAt = performance.now();

  const over = (call: AppendCall, error: Error): void => {
    current = undefined;
    for (const [id, item] of waiting) {
      if (item.call !== call) continue;
      waiting.delete(id);
      item.settle(error);
    }
  };
  const listen = (call: AppendCall): AppendCall => {
    call.on('data', (answer: Answer) => {
      heardAt = performance.now();
      const id = answer.getCorrelationId();
      const key = id === undefined ? '' : uuids.parseUUID(id);
      const item = waiting.get(key); // none: it was given up, or this is the second answer
      waiting.delete(key);
      item?.settle(answer);
    });
    call.on('error', (error: Error) => over(call, error));
    call.on('end', () =>
      over(call, Object.assign(new Error('The server closed the call of the appends'), { code: 14 })),
    );
    return call;
  };
  const open = (): Promise<AppendCall> => {
    const create = inside.GRPCStreamCreator(grpcStreams.StreamsClient, 'appendToStream', (service) =>
      // From a node that is not the leader, an append would come back much later or not at all.
      listen(service.batchAppend(...inside.callArguments({ requiresLeader: true }, { deadline: Infinity }))),
    );
    const opening = create();
    opening.catch(() => {
      if (current === opening) current = undefined;
    });
    return opening;
  };

  return {
    get heardAt() {
      return heardAt;
    },
    append: (message, timeoutMs) =>
      new Promise((resolve, reject) => {
        const correlation = randomUUID();
        const timer = setTimeout(() => settle(silence('answer an append')), timeoutMs);
        const settle = (outcome: Answer | Error): void => {
          clearTimeout(timer);
          waiting.delete(correlation);
          const read = outcome instanceof Error ? outcome : readAnswer(outcome, message.stream);
          if (read instanceof Error) reject(read);
          else resolve(read);
        };
        current ??= open();
        current.then((call) => {
          waiting.set(correlation, { call, settle });
          call.write(request(message, correlation, timeoutMs));
        }, settle);
      }),
  };
};
