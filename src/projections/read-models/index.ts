import type { Projection } from '../projection.js';
import { agentReplies } from './agent-replies.js';
import { pendingTurns } from './pending-turns.js';
import { sessionStatus } from './session-status.js';
import { trackingNumber } from './tracking-number.js';
import { transcript } from './transcript.js';

/** Every read model of this program. */
export const projections: readonly Projection[] = [
  sessionStatus,
  trackingNumber,
  transcript,
  pendingTurns,
  agentReplies,
];
