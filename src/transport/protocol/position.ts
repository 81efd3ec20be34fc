/** The subprotocol that selects the resumable profile. */
export const V1_PROTOCOL = 'leoma.chat.v1';

/**
 * A place in the conversation, opaque to clients: the epoch names the log, the revision the event. Another log (restored
 * from a back-up, replaced) has another epoch, so that a position of the old one can never be taken for one of the new.
 */
export interface Place {
  readonly epoch: string;
  readonly revision: number;
}

const form = /^([0-9a-f]{12})\.(\d{1,9})$/;

/** The epoch of a log, from its id. */
export const epochOf = (logId: string): string => logId.replaceAll('-', '').slice(0, 12).padEnd(12, '0');

export const formatPosition = (epoch: string, revision: number): string => `${epoch}.${revision}`;

/** Null when the text was never a position of this server. */
export const parsePosition = (text: string): Place | null => {
  const [, epoch, revision] = form.exec(text) ?? [];
  return epoch === undefined || revision === undefined ? null : { epoch, revision: Number(revision) };
};
