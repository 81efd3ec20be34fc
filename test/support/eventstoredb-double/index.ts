// A double of the gRPC service of EventStoreDB / KurrentDB for tests: it speaks the real protocol to the real client, with the
// stubs that the client ships, and misbehaves on demand. It is NOT a database: it keeps everything in memory, in one process,
// and knows only what the adapter uses (appends, reads, subscriptions to $all, gossip). That it behaves like the real server
// is our reading of that server's documentation and code; `npm run test:eventstore` runs the same cases against a real one.
import { Server, ServerCredentials, status, type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import uuids from '@eventstore/db-client/dist/utils/grpcUUID.js';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { createFaults, take, type Faults, type FaultState } from './faults.js';
import {
  createMemoryServer,
  type AppendOutcome,
  type Expected,
  type MemoryServer,
  type Proposed,
} from './memory-server.js';
import { batchAnswer, nameOf, notLeader, serverError, tooBusy } from './messages.js';
import { answerRead } from './reads.js';
import { createWire, type Wire } from './wire.js';

export interface Double {
  readonly port: number;
  /** For EVENTSTORE_URL. */
  readonly url: string;
  readonly server: MemoryServer;
  readonly faults: Faults;
  readonly wire: Wire;
  /** Calls of each kind that have begun and have not ended. */
  openReads(): number;
  /** Requests for appends that have come in. */
  appends(): number;
  /** Calls for appends that have begun and have not ended. */
  openAppendCalls(): number;
  /** Events that went out with reads and subscriptions. */
  sent(): number;
  /** Questions for the members of the cluster that are still to fail. */
  undiscovered(): number;
  stop(): Promise<void>;
}

const DEADLINE_EXCEEDED = 4;
const VERSION = '24.10.0.0 (double)';
const LEADER = gossip.MemberInfo.VNodeState.LEADER;
const FOLLOWER = gossip.MemberInfo.VNodeState.FOLLOWER;

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

const expectedOf = (options: streams.BatchAppendReq.Options | undefined): Expected => {
  if (options?.hasNoStream() === true) return 'noStream';
  if (options?.hasStreamExists() === true) return 'streamExists';
  return options?.hasStreamPosition() === true ? Number(options.getStreamPosition()) : 'any';
};
const uuidOf = (id: ReturnType<typeof uuids.createUUID> | undefined): string =>
  id === undefined ? '' : uuids.parseUUID(id);
const proposedOf = (message: streams.BatchAppendReq): Proposed[] =>
  message.getProposedMessagesList().map((one) => ({
    id: uuidOf(one.getId()),
    type: one.getMetadataMap().get('type') ?? '',
    contentType: one.getMetadataMap().get('content-type') ?? '',
    data: one.getData_asU8(),
    metadata: one.getCustomMetadata_asU8(),
  }));

/** What refuses any call, before anything is done. */
const refusal = (faults: FaultState) => {
  if (take(faults, 'busy')) return tooBusy();
  if (faults.led.times > 0) {
    faults.led.times -= 1;
    return notLeader(faults.led.port);
  }
  return undefined;
};

/** What the double answers instead of doing what it was asked. */
const outcomeOf = (
  faults: FaultState,
  options: streams.BatchAppendReq.Options | undefined,
): AppendOutcome | undefined => {
  const deadline = options?.getDeadline()?.toDate().getTime() ?? Infinity;
  if (deadline <= Date.now() + faults.aheadMs) return { kind: 'strange', code: DEADLINE_EXCEEDED, message: 'Timeout' };
  if (faults.denied === 'writes') return { kind: 'denied' };
  if (take(faults, 'lie')) return { kind: 'wrong', current: 4711 };
  if (faults.refuse.times <= 0) return undefined;
  faults.refuse.times -= 1;
  return { kind: 'strange', code: faults.refuse.code, message: faults.refuse.message };
};

const answerAppends = (
  server: MemoryServer,
  call: BatchCall,
  faults: FaultState,
  wire: () => Wire,
  count: () => void,
) => {
  const parts = new Map<string, { options: streams.BatchAppendReq.Options | undefined; proposed: Proposed[] }>();
  call.on('end', () => call.end());
  call.on('data', (message: streams.BatchAppendReq) => {
    count();
    const refused = refusal(faults);
    if (refused !== undefined) {
      call.emit('error', refused);
      return;
    }
    const correlation = message.getCorrelationId();
    if (correlation === undefined) return;
    const id = uuidOf(correlation);
    const part = parts.get(id) ?? { options: message.getOptions(), proposed: [] };
    part.proposed.push(...proposedOf(message));
    parts.set(id, part);
    if (!message.getIsFinal()) return;
    parts.delete(id);
    const stream = nameOf(part.options?.getStreamIdentifier());
    const outcome = outcomeOf(faults, part.options) ?? server.append(stream, expectedOf(part.options), part.proposed);
    if (take(faults, 'lose')) {
      wire().shake();
      return;
    }
    const twice = take(faults, 'double');
    const answer = (): void => {
      if (call.destroyed) return;
      call.write(batchAnswer(correlation, stream, outcome));
      if (twice) call.write(batchAnswer(correlation, stream, outcome));
    };
    if (take(faults, 'hold')) faults.held.push(answer);
    else answer();
  });
};

const members = (ports: readonly number[], leader: number): gossip.ClusterInfo => {
  const info = new gossip.ClusterInfo();
  for (const port of ports) {
    const member = new gossip.MemberInfo();
    member.setInstanceId(uuids.createUUID());
    member.setTimeStamp('0');
    member.setState(port === leader ? LEADER : FOLLOWER);
    member.setIsAlive(true);
    const endpoint = new gossip.EndPoint();
    endpoint.setAddress('127.0.0.1');
    endpoint.setPort(port);
    member.setHttpEndPoint(endpoint);
    info.addMembers(member);
  }
  return info;
};

/** @param server shared by the nodes of one cluster; default: one of its own */
export const startDouble = async (server: MemoryServer = createMemoryServer()): Promise<Double> => {
  const { state, faults } = createFaults();
  const grpc = new Server({ 'grpc.max_receive_message_length': 20 * 1024 * 1024 });
  const counts = { reads: 0, appends: 0, appendCalls: 0 };
  const later: { wire?: Wire } = {};
  const theWire = (): Wire => {
    if (later.wire === undefined) throw new Error('There is no wire yet');
    return later.wire;
  };
  grpc.addService(streamsGrpc.StreamsService, {
    read: (call: ReadCall) => {
      const refused = refusal(state);
      if (refused !== undefined) {
        call.emit('error', refused);
        return;
      }
      counts.reads += 1;
      void answerRead(server, call, state).finally(() => (counts.reads -= 1));
    },
    batchAppend: (call: BatchCall) => {
      counts.appendCalls += 1;
      call.once('close', () => (counts.appendCalls -= 1));
      answerAppends(server, call, state, theWire, () => (counts.appends += 1));
    },
    append: (_call: unknown, answer: (error: Error) => void) => answer(serverError(status.UNIMPLEMENTED, undefined)),
    delete: (call: { request: streams.DeleteReq }, answer: (error: null, done: unknown) => void) => {
      server.softDelete(nameOf(call.request.getOptions()?.getStreamIdentifier()));
      answer(null, new streams.DeleteResp());
    },
    tombstone: (_call: unknown, answer: (error: Error) => void) => answer(serverError(status.UNIMPLEMENTED, undefined)),
  });
  grpc.addService(gossipGrpc.GossipService, {
    read: (_call: unknown, answer: (error: Error | null, info?: gossip.ClusterInfo) => void) => {
      if (take(state, 'undiscovered')) answer(serverError(status.UNAVAILABLE, undefined));
      else answer(null, members([theWire().port], theWire().port));
    },
  });
  grpc.addService(featuresGrpc.ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, answer: (error: null, methods: features.SupportedMethods) => void) => {
      const methods = new features.SupportedMethods();
      methods.setEventStoreServerVersion(VERSION);
      const batch = new features.SupportedMethod();
      batch.setServiceName('event_store.client.streams.streams');
      batch.setMethodName('batchappend');
      methods.addMethods(batch);
      answer(null, methods);
    },
  });
  const inner = await new Promise<number>((resolve, reject) =>
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
  const cable = await createWire(() => inner);
  later.wire = cable;
  return {
    port: cable.port,
    url: `esdb://127.0.0.1:${cable.port}?tls=false`,
    server,
    faults,
    wire: cable,
    openReads: () => counts.reads,
    appends: () => counts.appends,
    openAppendCalls: () => counts.appendCalls,
    sent: () => state.sent,
    undiscovered: () => state.undiscovered,
    stop: async () => {
      await cable.cut();
      grpc.forceShutdown();
    },
  };
};
