import { personalClasses, type PersonalClass } from './personal.js';
import { SEALED_PREFIX } from './seal.js';
import type { EventStore, RecordedEvent } from './store.js';

/**
 * Compares what the log says about keys with the keys that are there. A key may go only after the log says so
 * (`PersonalDataErased`): what else is gone was taken away by somebody, or is missing from a back-up that was restored, and
 * what it sealed can never be read again.
 *
 * Hand-over secrets are left out: their keys are destroyed after HANDOVER_HOURS without a record.
 */
export interface KeyAudit {
  /** To be shown every event of the log. */
  see(event: RecordedEvent): void;
  /** Compares, after the last event. */
  conclude(keys: KeyRows, store: Pick<EventStore, 'readStream'>): Promise<KeyReport>;
}

/** A key as the key store has it, alive or destroyed. */
export interface KeyRow {
  readonly subject: string;
  readonly personalClass: PersonalClass;
  readonly destroyed: boolean;
}

/** All keys that there are or were, in any order, hand-over keys left out or not. */
export type KeyRows = AsyncIterable<readonly KeyRow[]>;

export interface KeyProblem {
  /** `missing`: there is no trace of the key. `destroyed`: it was destroyed, and nothing says why. */
  readonly kind: 'missing' | 'destroyed';
  readonly subject: string;
  readonly personalClass: PersonalClass;
}

export interface KeyReport {
  /** Keys that the log needs. */
  readonly needed: number;
  readonly problems: number;
  /** By subject and class. */
  readonly first: KeyProblem | undefined;
}

const bitOf: ReadonlyMap<string, number> = new Map(
  personalClasses.filter((name) => name !== 'handover').map((name, index) => [name, 1 << index]),
);
const STREAM = 'session-';

/** Whose keys of which classes sealed something in this payload. */
function* sealedIn(payload: string): Generator<{ readonly subject: string; readonly bit: number }> {
  for (let at = payload.indexOf(SEALED_PREFIX); at !== -1; at = payload.indexOf(SEALED_PREFIX, at + 1)) {
    const afterClass = payload.indexOf(':', at + SEALED_PREFIX.length);
    const afterSubject = payload.indexOf(':', afterClass + 1);
    if (afterClass === -1 || afterSubject === -1) return;
    const bit = bitOf.get(payload.slice(at + SEALED_PREFIX.length, afterClass));
    if (bit !== undefined) yield { subject: payload.slice(afterClass + 1, afterSubject), bit };
  }
}

/** The classes that an event promises to forget, as bits; 0 for all other events. */
const erasedBy = ({ type, payload }: Pick<RecordedEvent, 'type' | 'payload'>): number => {
  if (type !== 'PersonalDataErased') return 0;
  try {
    const { classes } = JSON.parse(payload) as { readonly classes?: unknown };
    if (!Array.isArray(classes)) return 0;
    return classes.reduce<number>((bits, name) => bits | (bitOf.get(String(name)) ?? 0), 0);
  } catch {
    return 0;
  }
};

/** Bits by subject; about 100 bytes each. */
const createTable = () => {
  const rows = new Map<string, number>();
  return {
    rows,
    of: (subject: string): number => rows.get(subject) ?? 0,
    add: (subject: string, bits: number): void => void rows.set(subject, (rows.get(subject) ?? 0) | bits),
  };
};

/** In order, so that the same log gives the same first problem. */
const earlier = (a: KeyProblem | undefined, b: KeyProblem): KeyProblem => {
  const keyOf = ({ subject, personalClass }: KeyProblem): string => `${subject}/${personalClass}`;
  return a === undefined || keyOf(b) < keyOf(a) ? b : a;
};

/** Memory grows with the number of subjects. */
export const createKeyAudit = (): KeyAudit => {
  const needed = createTable();
  const erased = createTable();

  /** Whether the log says so by now: an erasure may have come after the events that were seen. */
  const isErasedNow = async (
    store: Pick<EventStore, 'readStream'>,
    { subject, personalClass }: KeyProblem,
  ): Promise<boolean> => {
    for await (const event of store.readStream(`${STREAM}${subject}`)) {
      if ((erasedBy(event) & (bitOf.get(personalClass) ?? 0)) !== 0) return true;
    }
    return false;
  };

  return {
    see(event) {
      for (const { subject, bit } of sealedIn(event.payload)) needed.add(subject, bit);
      const bits = event.stream.startsWith(STREAM) ? erasedBy(event) : 0;
      if (bits !== 0) erased.add(event.stream.slice(STREAM.length), bits);
    },
    async conclude(keys, store) {
      const found = createTable();
      const count = { needed: 0, problems: 0, first: undefined as KeyProblem | undefined };
      const suspect = async (problem: KeyProblem): Promise<void> => {
        if (await isErasedNow(store, problem)) return;
        count.problems += 1;
        count.first = earlier(count.first, problem);
      };
      for await (const page of keys) {
        for (const { subject, personalClass, destroyed } of page) {
          const bit = bitOf.get(personalClass);
          if (bit === undefined) continue;
          found.add(subject, bit);
          // A subject without any event was never more than a session that was opened.
          if (!destroyed || (needed.of(subject) & bit) === 0 || (erased.of(subject) & bit) !== 0) continue;
          await suspect({ kind: 'destroyed', subject, personalClass });
        }
      }
      for (const [subject, bits] of needed.rows) {
        for (const [name, bit] of bitOf) {
          if ((bits & bit) === 0) continue;
          count.needed += 1;
          const personalClass = name as PersonalClass;
          if ((found.of(subject) & bit) === 0) await suspect({ kind: 'missing', subject, personalClass });
        }
      }
      return count;
    },
  };
};
