import { z } from 'zod';
import type { AnyRecorded, UnknownEvent } from './catalogue/index.js';
import type { EventDefinition } from './define-event.js';
import type { EventMeta } from './envelope.js';
import { eventCorrupt, eventInvalid, sealedTextError } from './errors.js';
import type { Codec, EventToAppend, KeyStore } from './event-log.js';
import { ERASED, type PersonalClass } from './personal.js';
import {
  mapPersonal,
  personalShapeOf,
  personalTextsOf,
  storedSchemaOf,
  type PersonalShape,
} from './personal-fields.js';
import { openSealed, parseSealed, SEALED_PREFIX, sealText, type SealedText } from './seal.js';
import type { NewEvent, RecordedEvent } from './store.js';

/** A definition with what is derived from its schema, once. */
interface Compiled {
  readonly definition: EventDefinition;
  readonly personal: PersonalShape | undefined;
  /** Checks what was stored at the current version: personal fields must be sealed. */
  readonly stored: z.ZodType;
  /** Checks what came out of an upcaster: it may have filled in a personal field with a constant. */
  readonly upcast: z.ZodType;
}

type Keys = ReadonlyMap<string, Buffer | 'erased'>;

const SUBJECT = /^[\w-]{1,128}$/;
const pairOf = (subject: string, personalClass: PersonalClass): string => `${subject}/${personalClass}`;

/**
 * Whose key seals a field. Secrets for handing over get a key per event, not per subject: each is forgotten a fixed time
 * after it was made, and a citizen who files a second complaint later still gets a secret of their own.
 */
const keySubject = (event: EventToAppend, personalClass: PersonalClass): string =>
  personalClass === 'handover' ? `${event.subject}.${event.id}` : event.subject;

/** Where the data is wrong and how, without what it says: `evidenceIds.0 (invalid_format)`. */
const placesOf = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.map(String).join('.') || 'data'} (${issue.code})`).join(', ');

const compile = (definitions: readonly EventDefinition[]): ReadonlyMap<string, Compiled> => {
  const compiled = new Map<string, Compiled>();
  for (const definition of definitions) {
    const { type, version, schema, upcasts } = definition;
    if (compiled.has(type)) throw new Error(`The event ${type} is defined twice`);
    for (let from = 1; from < version; from++) {
      if (upcasts[from] === undefined) throw new Error(`The event ${type} has no upcaster from version ${from}`);
    }
    compiled.set(type, {
      definition,
      personal: personalShapeOf(schema),
      stored: storedSchemaOf(schema, z.string().startsWith(SEALED_PREFIX)),
      upcast: storedSchemaOf(schema, z.string()),
    });
  }
  return compiled;
};

const metaOf = (event: RecordedEvent): EventMeta => ({
  id: event.id,
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  recordedAt: event.recordedAt,
  occurredAt: event.occurredAt,
  causationId: event.causationId,
  correlationId: event.correlationId,
  actor: event.actor,
  hash: event.hash,
});

const unknownEvent = (event: RecordedEvent): UnknownEvent => ({
  type: 'Unknown',
  data: { type: event.type, schemaVersion: event.schemaVersion },
  meta: metaOf(event),
});

const parsePayload = (event: RecordedEvent): Record<string, unknown> => {
  let data: unknown;
  try {
    data = JSON.parse(event.payload);
  } catch {
    throw eventCorrupt(event, 'its payload is not JSON');
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw eventCorrupt(event, 'its payload is not a JSON object');
  }
  return data as Record<string, unknown>;
};

const upcastData = (event: RecordedEvent, definition: EventDefinition): Record<string, unknown> => {
  let data = parsePayload(event);
  for (let from = event.schemaVersion; from < definition.version; from++) {
    const upcast = definition.upcasts[from];
    if (upcast === undefined) throw eventCorrupt(event, `there is no version ${from} of this event`);
    try {
      data = upcast(data);
    } catch {
      // Not even as the cause: an error made from data may carry some of it.
      throw eventCorrupt(event, `it could not be brought from version ${from} to ${from + 1}`);
    }
  }
  return data;
};

const decodeWith = (registry: ReadonlyMap<string, Compiled>, event: RecordedEvent): AnyRecorded => {
  const known = registry.get(event.type);
  if (known === undefined || event.schemaVersion > known.definition.version) return unknownEvent(event);
  const current = event.schemaVersion === known.definition.version;
  const parsed = (current ? known.stored : known.upcast).safeParse(
    current ? parsePayload(event) : upcastData(event, known.definition),
  );
  if (!parsed.success) {
    throw eventCorrupt(event, `it does not fit version ${event.schemaVersion} at ${placesOf(parsed.error)}`);
  }
  // The schema has just shown that the data is that of this type.
  return { type: event.type, data: parsed.data, meta: metaOf(event) } as unknown as AnyRecorded;
};

const checkedData = (registry: ReadonlyMap<string, Compiled>, { event, subject }: EventToAppend) => {
  const known = registry.get(event.type);
  if (known === undefined) throw eventInvalid(event.type, 'it is not in the catalogue');
  if (!SUBJECT.test(subject)) throw eventInvalid(event.type, 'its subject is not an id');
  const parsed = known.definition.schema.safeParse(event.data);
  if (!parsed.success) throw eventInvalid(event.type, placesOf(parsed.error));
  return { known, data: parsed.data };
};

/** Key look-ups of one call, each pair once and all at once: the key store makes one query of them. */
const loadKeys = async (
  pairs: Iterable<readonly [subject: string, personalClass: PersonalClass]>,
  load: (subject: string, personalClass: PersonalClass) => Promise<Buffer | 'erased'>,
): Promise<Keys> => {
  const wanted = new Map([...pairs].map((pair) => [pairOf(...pair), pair]));
  return new Map(await Promise.all([...wanted].map(async ([key, pair]) => [key, await load(...pair)] as const)));
};

const openWith = (keys: Keys, sealed: SealedText): string => {
  const key = keys.get(pairOf(sealed.subject, sealed.personalClass));
  return key === undefined || key === 'erased' ? ERASED : openSealed(key, sealed);
};

/**
 * Seals, opens, upcasts and validates (see `Codec`).
 * @throws Error when a definition is doubled, lacks an upcaster, or marks a field that sealing cannot reach
 */
export const createCodec = ({
  definitions,
  keys,
}: {
  readonly definitions: readonly EventDefinition[];
  readonly keys: KeyStore;
}): Codec => {
  const registry = compile(definitions);
  // Opening happens exactly once: what a citizen wrote may itself look like a sealed text.
  const opened = new WeakSet<AnyRecorded>();

  const encode = async (events: readonly EventToAppend[]): Promise<NewEvent[]> => {
    const checked = events.map((toAppend) => ({ toAppend, ...checkedData(registry, toAppend) }));
    const sealingKeys = await loadKeys(
      checked.flatMap(({ toAppend, known, data }) =>
        known.personal === undefined
          ? []
          : personalTextsOf(data, known.personal).map(
              ({ personalClass }) => [keySubject(toAppend, personalClass), personalClass] as const,
            ),
      ),
      (subject, personalClass) => keys.keyForSealing(subject, personalClass),
    );
    return checked.map(({ toAppend, known, data }) => {
      const seal = (text: string, personalClass: PersonalClass): string => {
        const subject = keySubject(toAppend, personalClass);
        return sealText(sealingKeys.get(pairOf(subject, personalClass)) as Buffer, subject, personalClass, text);
      };
      return {
        id: toAppend.id,
        type: toAppend.event.type,
        schemaVersion: known.definition.version,
        payload: JSON.stringify(known.personal === undefined ? data : mapPersonal(data, known.personal, seal)),
        occurredAt: toAppend.occurredAt,
        causationId: toAppend.causationId,
        correlationId: toAppend.correlationId,
        actor: toAppend.actor,
      };
    });
  };

  const open = async <E extends AnyRecorded>(event: E): Promise<E> => {
    const shape = event.type === 'Unknown' ? undefined : registry.get(event.type)?.personal;
    if (shape === undefined || opened.has(event)) return event;
    const texts = personalTextsOf(event.data, shape).flatMap(({ text }) => parseSealed(text) ?? []);
    const openingKeys = await loadKeys(
      texts.map((sealed) => [sealed.subject, sealed.personalClass] as const),
      (subject, personalClass) => keys.keyForOpening(subject, personalClass),
    );
    try {
      const data = mapPersonal(event.data, shape, (text) => {
        const sealed = parseSealed(text);
        return sealed === undefined ? text : openWith(openingKeys, sealed);
      });
      const copy: E = { ...event, data };
      opened.add(copy);
      return copy;
    } catch {
      throw eventCorrupt({ type: event.type, ...event.meta }, 'a sealed text in it was changed');
    }
  };

  const openText = async (text: string): Promise<string> => {
    const sealed = parseSealed(text);
    if (sealed === undefined) throw sealedTextError('not_sealed');
    const key = await keys.keyForOpening(sealed.subject, sealed.personalClass);
    return key === 'erased' ? ERASED : openSealed(key, sealed);
  };

  return { encode, decode: (event) => decodeWith(registry, event), open, openText };
};
