import type { ClientAddresses } from './client-address.js';
import type { TransportDeps } from './deps.js';
import { drainInBatches } from './drain.js';
import { createFrameCheckpoints } from './frame-checkpoints.js';
import { createHub, type Hub } from './hub.js';
import type { OriginPolicy } from './origin-policy.js';
import type { PostMessage } from './post-message.js';
import { protocolError } from './protocol/result.js';
import { claimRefusal, readClaim } from './session-claim.js';
import { createSessionRegistry } from './session-registry.js';
import type { Allowance } from './token-bucket.js';
import { createV1Service, type V1Service } from './v1-service.js';
import type { Connection, Link } from './websocket/connection-driver.js';
import { createSlots, type Slots } from './websocket/slots.js';
import { createSocketServer, systemChance, type SocketServer } from './websocket/socket-server.js';
import { v1Connection, type V1Start } from './websocket/v1-connection.js';
import { driveV1, type V1Connection } from './websocket/v1-driver.js';

export interface Realtime {
  readonly hub: Hub;
  readonly service: V1Service;
  readonly sockets: SocketServer;
  /** Places for sockets and streams together, by address. */
  readonly slots: Slots;
  /** Begins a connection of the resumable profile over any link. The link's owner tells it when it is closed. */
  openV1(link: Link, start: V1Start, address: string): V1Connection;
  /** Asks clients of the resumable profile to come back elsewhere, and waits until nobody awaits anything, at most so long. */
  drain(withinMs: number): Promise<void>;
  /** Closes what is still open. */
  shutdown(): void;
}

export interface RealtimeParts {
  readonly report: (error: unknown) => string;
  readonly isDraining: () => boolean;
  readonly addresses: ClientAddresses;
  readonly isOriginAllowed: OriginPolicy;
  readonly takeToken: (sessionId: string) => Allowance;
  readonly post: PostMessage;
  readonly now: () => number;
}

const POLL_MS = 20;

const watchErasures =
  (forget: (sessionId: string) => void): NonNullable<Parameters<typeof createHub>[0]['watch']> =>
  (sessionId, event) => {
    if (event.type === 'PersonalDataErased') forget(sessionId);
  };

/** Everything with open connections: the hub, both profiles over WebSockets, and what streams of events need. */
export const createRealtime = (deps: TransportDeps, parts: RealtimeParts): Realtime => {
  const { config, log } = deps;
  const perClient = <T>(limit: T): T | null => (config.rateLimits ? limit : null);
  const checkpoints = createFrameCheckpoints();
  const hub = createHub({
    log,
    onError: (error) => void parts.report(error),
    watch: watchErasures((sessionId) => checkpoints.forget(sessionId)),
  });
  const registry = createSessionRegistry<Connection>(perClient(config.socketsPerSession));
  const slots = createSlots({ perAddress: perClient(config.socketsPerIp), total: config.maxSockets });
  const service = createV1Service({ ...deps, ...parts, hub, checkpoints });
  const machine = v1Connection(config);
  const open = new Set<V1Connection>();
  const driver = {
    ...{ service, registry, limits: config, now: parts.now, chance: systemChance },
    debug: deps.debug('websocket:connection'),
  };

  const openV1 = (link: Link, start: V1Start, address: string): V1Connection => {
    const connection = driveV1({ ...driver, address }, machine, link, start);
    const closed = (): void => {
      open.delete(tracked);
      connection.closed();
    };
    const tracked: V1Connection = { ...connection, closed };
    open.add(tracked);
    return tracked;
  };

  const sockets = createSocketServer({
    ...parts,
    ...{ hub, registry, slots, metrics: deps.metrics, cursors: deps.cursors },
    debug: driver.debug,
    settings: config,
    refusalById: async (sessionId, bearer) => {
      const claim = await readClaim(deps, bearer, sessionId);
      if (!claim.ok) return claim.error;
      const { state } = await deps.sessions.loadSession(sessionId);
      return state.started ? claimRefusal(config, claim.value, state) : protocolError('session_unknown');
    },
    driveV1: openV1,
  });

  const isBusy = (): boolean => registry.all().some((connection) => !connection.isIdle());
  const waitUntilIdle = async (deadline: number): Promise<void> => {
    while (isBusy() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  };

  return {
    hub,
    service,
    sockets,
    slots,
    openV1,
    drain: async (withinMs) => {
      const deadline = performance.now() + withinMs;
      const asking = drainInBatches([...open], {
        windowMs: Math.min(config.drainWindowMs, withinMs),
        reconnectsPerS: config.drainReconnectsPerS,
        deadlineMs: withinMs,
        chance: systemChance,
      });
      await Promise.all([asking, waitUntilIdle(deadline)]);
    },
    shutdown: () => {
      sockets.shutdown();
      for (const connection of [...open]) connection.shutdown();
    },
  };
};
