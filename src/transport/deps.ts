import type { AccessKeys } from '../commands/access-key.js';
import type { ComplaintCommands, SessionCommands } from '../commands/command-handler.js';
import type { Policies } from '../commands/policies/policies.js';
import type { DeliveryCursors } from '../events/delivery-cursors.js';
import type { EventLog } from '../events/event-log.js';
import type { Uploads } from '../events/uploads.js';
import type { EvidenceStore } from '../evidence/store-evidence.js';
import type { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import type { DebugLog, Logger } from '../platform/logging.js';
import type { Metrics } from '../platform/metrics.js';
import type { Queries } from '../projections/queries/index.js';
import type { AdminRouteDeps } from './http/admin-routes.js';
import type { MetricsPage } from './http/metrics-handler.js';
import type { Logins } from './logins.js';
import type { RunningReplies } from './running-replies.js';
import type { SessionTokens } from './session-token.js';

/** `status`: how conversations stand. `tracking`: complaints by their number, and the words of their conversations. */
export type ReadModelReaches = (which: 'status' | 'tracking', position: bigint, withinMs: number) => Promise<boolean>;

/** The settings that transport reads. */
export type TransportSettings = Pick<
  Config,
  | 'allowedOrigins'
  | 'trustProxy'
  | 'classicProfile'
  | 'rateLimits'
  | 'maxClassicFrameBytes'
  | 'maxJsonDepth'
  | 'maxMessageChars'
  | 'maxFilesPerMessage'
  | 'maxPendingTurns'
  | 'messageBurst'
  | 'messageRefillMs'
  | 'sessionsPerIpPerMinute'
  | 'socketsPerIp'
  | 'socketsPerSession'
  | 'maxSockets'
  | 'slowSocketBytes'
  | 'lookupFailuresPerIpPerMinute'
  | 'lookupFailuresPerMinute'
  | 'handshakeTimeoutMs'
  | 'frameDeadlineMs'
  | 'heartbeatMs'
  | 'classicSilenceMs'
  | 'replyTimeoutMs'
  | 'readAfterTimeoutMs'
  | 'shutdownTimeoutMs'
  | 'maxFileBytes'
  | 'v1FrameBytes'
  | 'helloTimeoutMs'
  | 'slowAckMs'
  | 'drainWindowMs'
  | 'drainReconnectsPerS'
  | 'sessionIdleHours'
  | 'sessionMaxAgeHours'
  | 'sessionTokenGraceS'
  | 'requireLogin'
  | 'uploadMinBytesPerS'
  | 'slowFormsAtOnce'
  | 'slowFormsPerAddress'
  | 'uploadsAtOnce'
>;

/** What transport tells about itself. */
export type TransportMetrics = Pick<
  Metrics,
  | 'connectionOpened'
  | 'connectionClosed'
  | 'upgradeRefused'
  | 'resumed'
  | 'acknowledged'
  | 'deltaSent'
  | 'deltaCoalesced'
  | 'watchBufferedBytes'
>;

/** What transport needs of the rest of the program; composition hands it over. */
export interface TransportDeps {
  readonly config: TransportSettings;
  readonly log: Pick<EventLog, 'logId' | 'readStream' | 'subscribe' | 'open' | 'head'>;
  /** Whether the log refuses every append until a person mends it (docs/operations.md, "A blocked log"). */
  readonly isLogBlocked: () => Promise<boolean>;
  readonly sessions: Pick<SessionCommands, 'handle' | 'loadSession'>;
  readonly cases: Pick<ComplaintCommands, 'handle' | 'loadCase'>;
  readonly queries: Pick<Queries, 'sessionStatus' | 'transcript' | 'trackingByLookup' | 'readModelHealth'>;
  /** Whether a read model holds everything up to a position of the log, within so many milliseconds. */
  readonly readModelReaches: ReadModelReaches;
  readonly policy: Policies;
  readonly accessKeys: Pick<AccessKeys, 'verify'>;
  /** Lookup key of a tracking number in its one form. */
  readonly lookupOf: (trackingNumber: string) => string;
  readonly evidence: Pick<EvidenceStore, 'store' | 'storeReceived'>;
  /** Where `npm run build:web` puts the web application; it need not be there. */
  readonly siteFolder: string;
  /** Folder for uploads that are not complete. */
  readonly uploadFolder: string;
  readonly uploads: Pick<Uploads, 'add' | 'claim'>;
  readonly tokens: SessionTokens;
  /** Checks tokens of the site's identity provider; null: the site has none. */
  readonly logins: Logins | null;
  readonly cursors: DeliveryCursors;
  /** How far citizens have read. */
  readonly readMarks: DeliveryCursors;
  /** Replies that are being written, here and in other processes. */
  readonly replies: RunningReplies;
  /** Stops such a reply. False: it is not being written any more. */
  readonly cancelReply?: ((sessionId: string, replyId: string) => boolean) | undefined;
  /** Tells the responder, so that it need not wait for its subscription. */
  readonly notifyResponder?: ((sessionId: string, messageId: string) => void) | undefined;
  readonly logger: Logger;
  /** Debug lines of a namespace such as `websocket:frames`. */
  readonly debug: (namespace: string) => DebugLog;
  readonly clock: Clock;
  readonly metrics: TransportMetrics;
  /** Shown at /api/admin/… to whoever has the token; absent: not there. */
  readonly admin?: AdminRouteDeps | undefined;
  /** Shown at GET /metrics of the public port to whoever has the token; absent: not there. */
  readonly metricsPage?: (MetricsPage & { readonly token: string }) | undefined;
}
