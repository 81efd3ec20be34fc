import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '../platform/ids.js';
import { createClientAddresses } from './client-address.js';
import type { TransportDeps } from './deps.js';
import { createHttpApp } from './http/app.js';
import { adminRoutes } from './http/admin-routes.js';
import { healthRoutes } from './http/health-routes.js';
import { messageRoutes } from './http/message-routes.js';
import { openApiDocument } from './http/openapi.js';
import { projectionRoutes } from './http/projections/routes.js';
import type { Route } from './http/route.js';
import { answersRoutes } from './http/answers-routes.js';
import { eventRoutes } from './http/event-routes.js';
import { liteRoutes } from './http/lite/lite-routes.js';
import { loadSite } from './http/site/load-site.js';
import { sessionRoutes } from './http/session-routes.js';
import { tokenRoutes } from './http/token-routes.js';
import { uploadRoutes } from './http/upload-routes.js';
import { trackActionRoutes } from './http/track-action-routes.js';
import { trackRoutes } from './http/track-routes.js';
import { createRealtime } from './create-realtime.js';
import type { Hub } from './hub.js';
import { createLookupGuard } from './lookup-guard.js';
import { createOriginPolicy } from './origin-policy.js';
import { createPostMessage } from './post-message.js';
import { createSessionLookups, type SessionLookups } from './session-lookups.js';
import { createLimiter } from './token-bucket.js';

export interface Transport {
  readonly hub: Hub;
  /** For the assistant's look-ups; shares its budgets with those over HTTP. */
  readonly sessionLookups: SessionLookups;
  /** Starts the hub and listens. Gives the port, which matters when 0 was asked for. */
  listen(port: number, host: string): Promise<number>;
  /**
   * Takes nothing new, lets what is in flight be recorded and answered for a while, closes sockets with 1012, and ends
   * within `SHUTDOWN_TIMEOUT_MS`.
   */
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
/** How often connections are looked at for what timed out; the default of Node is 30 s, too slow for HANDSHAKE_TIMEOUT_MS. */
const CONNECTION_CHECK_MS = 500;
/** Uploads of one session: ten at once, and one more every three seconds. */
const UPLOAD_RATE = { burst: 10, refillMs: 3000 };
const KEEP_ALIVE_MS = 5000;
const MAX_HEADER_BYTES = 16 * 1024;
/** How long connections have for their half of the close. */
const CLOSE_GRACE_MS = 1500;

const listenOn = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** Wires the HTTP API, the sockets and the hub over what composition hands in. Nothing runs before `listen`. */
export const createTransport = (deps: TransportDeps): Transport => {
  const { config, logger } = deps;
  const now = (): number => deps.clock.now().getTime();
  let draining = false;
  const isDraining = (): boolean => draining;
  const reportAs = (error: unknown, ref: string): void => logger.error({ err: error, ref }, 'Something failed');
  const report = (error: unknown): string => {
    const ref = newId();
    reportAs(error, ref);
    return ref;
  };
  const perClient = <T>(limit: T): T | null => (config.rateLimits ? limit : null);

  const addresses = createClientAddresses(config.trustProxy);
  const isOriginAllowed = createOriginPolicy(config.allowedOrigins, addresses);
  const messages = createLimiter(perClient({ burst: config.messageBurst, refillMs: config.messageRefillMs }), now);
  const newSessions = createLimiter(
    perClient({ burst: config.sessionsPerIpPerMinute, refillMs: MINUTE_MS / config.sessionsPerIpPerMinute }),
    now,
  );
  const uploadRate = createLimiter(perClient(UPLOAD_RATE), now);
  const lookupGuard = createLookupGuard(
    {
      failuresPerAddressPerMinute: perClient(config.lookupFailuresPerIpPerMinute),
      failuresPerMinute: config.lookupFailuresPerMinute,
    },
    now,
  );
  const sessionLookups = createSessionLookups(lookupGuard);
  const post = createPostMessage({
    ...deps,
    report,
    isDraining,
    cameFrom: (id, from) => sessionLookups.cameFrom(id, from),
  });

  const realtime = createRealtime(deps, {
    ...{ report, isDraining, addresses, isOriginAllowed, post, now },
    takeToken: (sessionId) => messages.take(sessionId),
  });
  const { hub, sockets } = realtime;

  const projections = deps.admin === undefined ? undefined : projectionRoutes({ ...deps.admin, onError: report });
  const shared = { ...deps, newSessions, isDraining, hub, realtime, post, messages, uploadRate, guard: lookupGuard };
  const routes: readonly Route[] = [
    ...sessionRoutes(shared),
    ...tokenRoutes(shared),
    ...messageRoutes(shared),
    ...eventRoutes(shared),
    ...uploadRoutes(shared),
    ...trackRoutes(shared),
    ...trackActionRoutes(shared),
    ...answersRoutes(shared),
    ...(deps.admin === undefined ? [] : adminRoutes(deps.admin)),
    ...(projections?.routes ?? []),
    ...healthRoutes({ ...shared, document: () => document }),
  ];
  const document = openApiDocument(routes);
  const app = createHttpApp({
    routes,
    addresses,
    isOriginAllowed,
    logger,
    report: reportAs,
    limits: config,
    metricsPage: deps.metricsPage,
    lite: liteRoutes({ ...shared, addresses, isOriginAllowed, service: realtime.service, report: reportAs }),
    site: loadSite(deps.siteFolder),
  });
  const server = createServer(
    {
      connectionsCheckingInterval: CONNECTION_CHECK_MS,
      headersTimeout: config.handshakeTimeoutMs,
      // Bodies have deadlines of their own (http/body.ts); this one is for the slowest upload that is taken.
      requestTimeout: config.handshakeTimeoutMs + Math.ceil((config.maxFileBytes / config.uploadMinBytesPerS) * 1000),
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    app,
  );
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));

  return {
    hub,
    sessionLookups,
    listen: async (port, host) => {
      await hub.start();
      return listenOn(server, port, host);
    },
    close: async () => {
      if (draining) return;
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const workEnded = projections?.close();
      await realtime.drain(config.shutdownTimeoutMs / 2);
      realtime.shutdown();
      const hurry = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      await workEnded;
      await closed;
      clearTimeout(hurry);
      await hub.stop();
      await deps.cursors.close();
      await deps.readMarks.close();
    },
  };
};
