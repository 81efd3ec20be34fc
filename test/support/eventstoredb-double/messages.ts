import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import uuids from '@eventstore/db-client/dist/utils/grpcUUID.js';
import codes from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpcStatus from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import type { AppendOutcome, StoredRecord } from './memory-server.js';

type ReadResp = streams.ReadResp;
const TICKS_PER_MS = 10_000n;

const identifier = (stream: string): shared.StreamIdentifier => {
  const name = new shared.StreamIdentifier();
  name.setStreamName(Buffer.from(stream, 'utf8'));
  return name;
};

export const nameOf = (stream: shared.StreamIdentifier | undefined): string =>
  Buffer.from(stream?.getStreamName_asU8() ?? []).toString('utf8');

/** An error as the server sends it: its own name for it in the trailer `exception`. */
export const serverError = (
  code: status,
  exception: string | undefined,
  fields: Record<string, string> = {},
): ServiceError => {
  const metadata = new Metadata();
  if (exception !== undefined) metadata.set('exception', exception);
  for (const [name, value] of Object.entries(fields)) metadata.set(name, value);
  const details = exception ?? 'The double says so';
  return Object.assign(new Error(details), { code, details, metadata });
};

export const notLeader = (port: number): ServiceError =>
  serverError(status.NOT_FOUND, 'not-leader', {
    'leader-endpoint-host': '127.0.0.1',
    'leader-endpoint-port': String(port),
  });

export const accessDenied = (): ServiceError => serverError(status.PERMISSION_DENIED, 'access-denied');

export const tooBusy = (): ServiceError =>
  Object.assign(serverError(status.UNAVAILABLE, undefined), { details: 'Server Is Too Busy' });

const recorded = (record: StoredRecord, withPosition = true): streams.ReadResp.ReadEvent.RecordedEvent => {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent();
  event.setId(uuids.createUUID(record.id));
  event.setStreamIdentifier(identifier(record.stream));
  event.setStreamRevision(String(record.revision));
  const position = withPosition ? String(record.position) : UNKNOWN_POSITION;
  event.setCommitPosition(position);
  event.setPreparePosition(position);
  event
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', String(BigInt(record.createdMs) * TICKS_PER_MS));
  event.setData(record.data);
  event.setCustomMetadata(record.metadata);
  return event;
};

/** As old servers say that they do not know. */
const UNKNOWN_POSITION = '18446744073709551615';

export const eventMessage = (record: StoredRecord, withPosition = true): ReadResp => {
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded(record, withPosition));
  event.setCommitPosition(String(record.position));
  return new streams.ReadResp().setEvent(event);
};

export const notFoundMessage = (stream: string): ReadResp => {
  const notFound = new streams.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(identifier(stream));
  return new streams.ReadResp().setStreamNotFound(notFound);
};

export const confirmationMessage = (id: string): ReadResp => {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(id);
  return new streams.ReadResp().setConfirmation(confirmation);
};

export const checkpointMessage = (position: bigint): ReadResp => {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  return new streams.ReadResp().setCheckpoint(checkpoint);
};

const detailed = (
  code: rpcStatus.Status.AsObject['code'],
  message: string,
  typeName: string,
  bytes: Uint8Array,
): rpcStatus.Status => {
  const details = new any.Any();
  details.pack(bytes, typeName);
  const said = new rpcStatus.Status();
  said.setCode(code);
  said.setMessage(message);
  said.setDetails(details);
  return said;
};

const wrongVersion = (current: number): rpcStatus.Status => {
  const wrong = new shared.WrongExpectedVersion();
  if (current === -1) wrong.setCurrentNoStream(new (wrongEmpty())());
  else wrong.setCurrentStreamRevision(String(current));
  return detailed(
    codes.Code.FAILED_PRECONDITION,
    'WrongExpectedVersion',
    'event_store.client.WrongExpectedVersion',
    wrong.serializeBinary(),
  );
};
const wrongEmpty = () => shared.Empty as unknown as new () => never;

export const batchAnswer = (
  correlation: shared.UUID,
  stream: string,
  outcome: AppendOutcome,
): streams.BatchAppendResp => {
  const answer = new streams.BatchAppendResp();
  answer.setCorrelationId(correlation);
  answer.setStreamIdentifier(identifier(stream));
  switch (outcome.kind) {
    case 'ok': {
      const success = new streams.BatchAppendResp.Success();
      success.setCurrentRevision(String(outcome.revision));
      const position = new shared.AllStreamPosition();
      position.setCommitPosition(String(outcome.position));
      position.setPreparePosition(String(outcome.position));
      success.setPosition(position);
      answer.setSuccess(success);
      return answer;
    }
    case 'wrong':
      answer.setError(wrongVersion(outcome.current));
      return answer;
    case 'denied':
      answer.setError(
        detailed(
          codes.Code.PERMISSION_DENIED,
          'AccessDenied',
          'event_store.client.AccessDenied',
          new shared.AccessDenied().serializeBinary(),
        ),
      );
      return answer;
    case 'strange': {
      const error = detailed(codes.Code.OK, outcome.message, 'google.protobuf.Empty', new Uint8Array());
      (error.setCode as (code: number) => unknown).call(error, outcome.code);
      answer.setError(error);
      return answer;
    }
    case 'tombstoned': {
      const deleted = new shared.StreamDeleted();
      answer.setError(
        detailed(
          codes.Code.FAILED_PRECONDITION,
          'StreamDeleted',
          'event_store.client.StreamDeleted',
          deleted.serializeBinary(),
        ),
      );
      return answer;
    }
    case 'too-large': {
      const large = new shared.MaximumAppendSizeExceeded();
      large.setMaxappendsize(outcome.most);
      const name = 'event_store.client.MaximumAppendSizeExceeded';
      answer.setError(
        detailed(codes.Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', name, large.serializeBinary()),
      );
      return answer;
    }
  }
};
