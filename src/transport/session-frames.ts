import type { AnyRecorded } from '../events/catalogue/index.js';
import type { Language } from '../events/catalogue/session.js';
import { ERASED } from '../events/personal.js';
import { errorDefinitions } from './protocol/codes.js';
import { formatPosition } from './protocol/position.js';
import type { V1DurableFrame, V1MessageFrame } from './protocol/v1-server-frames.js';
import { emptyView, viewAfter, type SessionView } from './session-view.js';

// Durable frames of `leoma.chat.v1`, folded from the events of a session. A frame depends on the log alone: one that is
// replayed years later is the one that was sent live (but for what was erased in between).

interface ShownFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** All that the next frame of a session depends on. */
export interface FrameFold {
  readonly view: SessionView;
  /** Revision of the last event that made a frame; -1 before the first. */
  readonly lastFrame: number;
  /** How many frames there were. */
  readonly frames: number;
  readonly language: Language;
  readonly assistance: 'bot' | 'waiting_human' | 'human';
  readonly files: ReadonlyMap<string, ShownFile>;
  readonly revoked: boolean;
  /** When the session began, and when the citizen last said something or it began; ms since 1970. */
  readonly startedAt: number;
  readonly heardAt: number;
}

export const emptyFold: FrameFold = {
  view: emptyView,
  lastFrame: -1,
  frames: 0,
  language: 'en',
  assistance: 'bot',
  files: new Map(),
  revoked: false,
  startedAt: 0,
  heardAt: 0,
};

/** Which conversation of which log the frames are of. */
export interface FrameSource {
  readonly sessionId: string;
  readonly epoch: string;
}

/** What an event changes besides the view. */
const change = (fold: FrameFold, event: AnyRecorded): Partial<FrameFold> => {
  const at = Date.parse(event.meta.occurredAt);
  switch (event.type) {
    case 'SessionStarted':
      return { language: event.data.language, startedAt: at, heardAt: at };
    case 'UserMessageReceived':
      return { heardAt: at };
    case 'EvidenceUploaded': {
      const { evidenceId, name, mimeType, sizeBytes } = event.data;
      return { files: new Map([...fold.files, [evidenceId, { name, type: mimeType, size: sizeBytes }]]) };
    }
    case 'LanguageChanged':
      return { language: event.data.language };
    case 'HumanRequested':
      return { assistance: 'waiting_human' };
    case 'HumanJoined':
      return { assistance: 'human' };
    case 'HumanLeft':
      return { assistance: 'bot' };
    case 'SessionRevoked':
      return { revoked: true };
    case 'PersonalDataErased': {
      const { classes } = event.data;
      const files = new Map([...fold.files].map(([id, file]) => [id, { ...file, name: ERASED }]));
      const number = fold.view.trackingNumber === null ? null : ERASED;
      return {
        ...(classes.includes('evidence') ? { files } : {}),
        ...(classes.includes('content') ? { view: { ...fold.view, trackingNumber: number } } : {}),
      };
    }
    default:
      return {};
  }
};

type MessageData = V1MessageFrame['data'];
type Said = Pick<MessageData, 'message' | 'role'> & Partial<MessageData>;

/** What the citizen is shown of an event, as the data of a message; null when the event says nothing. */
const saidBy = (fold: FrameFold, before: SessionView, event: AnyRecorded): Said | null => {
  switch (event.type) {
    case 'UserMessageReceived': {
      const { text, clientMessageId, evidenceIds } = event.data;
      const media = evidenceIds.flatMap((uploadId) => {
        const file = fold.files.get(uploadId);
        return file === undefined ? [] : [{ uploadId, ...file }];
      });
      return {
        message: text,
        role: 'citizen',
        ...(clientMessageId === undefined ? {} : { clientId: clientMessageId }),
        ...(media.length === 0 ? {} : { media }),
      };
    }
    case 'AgentReplied': {
      const { text, onceText, quickReplies, answers } = event.data;
      const asked = before.pending.find(({ messageId }) => messageId === answers);
      return {
        message: onceText === undefined || onceText === ERASED ? text : `${text}\n\n${onceText}`,
        role: 'agent',
        replyId: event.meta.id,
        inReplyTo: asked?.clientMessageId ?? answers,
        ...(quickReplies.length === 0
          ? {}
          : { quickReplies: quickReplies.map(({ label, send }) => ({ label, send })) }),
      };
    }
    case 'OfficerReplied':
      return { message: event.data.text, role: 'officer' };
    case 'CaseUpdateReceived': {
      const { kind, text } = event.data;
      return { message: text, role: kind === 'question' || kind === 'message' ? 'officer' : 'system' };
    }
    case 'TurnFailed': {
      const { answers } = event.data;
      const asked = before.pending.find(({ messageId }) => messageId === answers);
      const code = event.data.code === 'cancelled' ? 'reply_cancelled' : 'agent_unavailable';
      const { message } = errorDefinitions[code];
      return { message, role: 'system', code, inReplyTo: asked?.clientMessageId ?? answers };
    }
    default:
      return null;
  }
};

const isStatus = (event: AnyRecorded): boolean => {
  switch (event.type) {
    case 'SessionStarted':
    case 'SessionStateChanged':
    case 'LanguageChanged':
    case 'HumanRequested':
    case 'HumanJoined':
    case 'HumanLeft':
    case 'PersonalDataErased':
      return true;
    default:
      return false;
  }
};

const frameOf = (
  fold: FrameFold,
  before: SessionView,
  event: AnyRecorded,
  { sessionId, epoch }: FrameSource,
): V1DurableFrame | null => {
  const { view, lastFrame, language, assistance } = fold;
  const envelope = {
    id: event.meta.id,
    position: formatPosition(epoch, event.meta.revision),
    prev: lastFrame < 0 ? null : formatPosition(epoch, lastFrame),
    at: event.meta.recordedAt,
  };
  const said = saidBy(fold, before, event);
  if (said !== null) {
    const number = view.trackingNumber === null ? {} : { trackingNumber: view.trackingNumber };
    return { type: 'message', ...envelope, data: { ...said, sessionId, state: view.state, ...number } };
  }
  if (!isStatus(event)) return null;
  const erased = event.type === 'PersonalDataErased' ? { erased: [...event.data.classes] } : {};
  const { state, trackingNumber } = view;
  return { type: 'status', ...envelope, data: { sessionId, state, trackingNumber, language, assistance, ...erased } };
};

/**
 * Folds the next event (opened, in order of revision). Every event makes exactly one frame or none.
 * @returns the fold after it, and the frame
 */
export const foldFrame = (
  fold: FrameFold,
  event: AnyRecorded,
  source: FrameSource,
): readonly [FrameFold, V1DurableFrame | null] => {
  const viewed = { ...fold, view: viewAfter(fold.view, event) };
  const after: FrameFold = { ...viewed, ...change(viewed, event) };
  const frame = frameOf(after, fold.view, event, source);
  return [frame === null ? after : { ...after, lastFrame: event.meta.revision, frames: after.frames + 1 }, frame];
};
