import type { SessionStateName } from '../../events/catalogue/session.js';
import type { ClassicServerFrame } from './classic-frames.js';
import { errorDefinitions } from './codes.js';
import type { ProtocolError } from './result.js';

type MessageData = Extract<ClassicServerFrame, { type: 'message' }>['data'];

/** A frame that the citizen sees as a bubble of the assistant (or an officer). It carries state and number (L4). */
export const classicMessage = (data: {
  readonly message: string;
  readonly sessionId: string;
  readonly state: SessionStateName;
  readonly trackingNumber: string | null;
  readonly messageId: string;
  readonly role: 'agent' | 'officer';
  readonly quickReplies: readonly { readonly label: string; readonly send: string }[];
  readonly inReplyTo?: string | undefined;
}): ClassicServerFrame => {
  const { trackingNumber, quickReplies, inReplyTo, ...rest } = data;
  const full: MessageData = { ...rest };
  if (trackingNumber !== null) full.trackingNumber = trackingNumber;
  if (quickReplies.length > 0) full.quickReplies = quickReplies.map(({ label, send }) => ({ label, send }));
  if (inReplyTo !== undefined) full.inReplyTo = inReplyTo;
  return { type: 'message', data: full };
};

export const classicTyping = (sessionId: string, isTyping: boolean): ClassicServerFrame => ({
  type: 'typing',
  data: { isTyping, sessionId },
});

/** The text stands in `data.error` for the documented client and at the top for the field client (L3). */
export const classicError = (sessionId: string, error: ProtocolError, state?: SessionStateName): ClassicServerFrame => {
  const { code, message, retryAfterMs, field, ref, kept, inReplyTo, files } = error;
  return {
    type: 'error',
    error: message,
    data: {
      error: message,
      sessionId,
      code,
      retryable: errorDefinitions[code].retryable,
      ...(state === undefined ? {} : { state }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(field === undefined ? {} : { field }),
      ...(ref === undefined ? {} : { ref }),
      ...(kept === undefined ? {} : { kept }),
      ...(inReplyTo === undefined ? {} : { inReplyTo }),
      ...(files === undefined ? {} : { files: files.map(({ name, code: why }) => ({ name, code: why })) }),
    },
  };
};
