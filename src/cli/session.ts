import type { SessionCommands } from '../commands/command-handler.js';
import { messageOf, type ExitCode, type Output } from './output.js';

export const revocationReasons = ['office', 'misuse', 'holder'] as const;

export interface RevokeCommand {
  readonly sessions: Pick<SessionCommands, 'handle'>;
  readonly sessionId: string;
  readonly reason: (typeof revocationReasons)[number];
  readonly output: Output;
}

/**
 * `citizen session revoke <session id>`: closes a conversation to whoever holds its id or a token of it, on every process that
 * runs. What was said stays on record.
 * @returns 0 when it is closed (also when it was before), 1 when there is no such conversation, 2 when it could not be done
 */
export const runRevoke = async ({ sessions, sessionId, reason, output }: RevokeCommand): Promise<ExitCode> => {
  try {
    const command = { type: 'RevokeSession', reason } as const;
    const outcome = await sessions.handle(sessionId, command, { actor: { kind: 'system', id: 'cli' } });
    if (!outcome.ok) {
      output.err(`${outcome.refusal.message}\n`);
      return 1;
    }
    output.out(outcome.events.length === 0 ? 'It was closed before.\n' : 'Closed. Its connections end now.\n');
    return 0;
  } catch (error) {
    output.err(`It could not be done: ${messageOf(error)}\n`);
    return 2;
  }
};
