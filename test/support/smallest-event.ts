import { z } from 'zod';
import { eventDefinitions, type DomainEvent, type DomainEventType } from '../../src/events/catalogue/index.js';
import { jsonSchemaOf, type FieldSchema } from '../../src/events/describe-catalogue.js';
import { storedSchemaOf } from '../../src/events/personal-fields.js';
import { SEALED_PREFIX } from '../../src/events/seal.js';

export type DataOf<T extends DomainEventType> = Extract<DomainEvent, { type: T }>['data'];

/** A text that stands for a sealed one. Readable on purpose: a test sees at once which of them it looks at. */
export const sealed = (text: string): string => `${SEALED_PREFIX}content:s1:${text}`;

/** Deterministic ids that look like UUIDs. */
export const uuid = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

function smallestText({ format, pattern, enum: values, 'x-personal': personal }: FieldSchema): string {
  if (personal !== undefined) return `${SEALED_PREFIX}${personal}:s1:told`;
  if (values?.[0] !== undefined) return values[0];
  if (format === 'uuid') return uuid(0);
  if (format === 'date-time') return '2026-01-01T00:00:00.000Z';
  // The one pattern of the catalogue that is not sealed: a digest in hexadecimal.
  return pattern === undefined ? 'x' : '0'.repeat(64);
}

/** The least that a field may hold: no list has anything in it, nothing optional is there, what may be null is null. */
function smallest(schema: FieldSchema): unknown {
  const types = [schema.type ?? []].flat();
  if (types.includes('null') || schema.anyOf?.some(({ type }) => type === 'null') === true) return null;
  if (types.includes('string')) return smallestText(schema);
  if (types.includes('array')) return [];
  if (types.includes('boolean')) return false;
  if (types.includes('integer') || types.includes('number')) return Math.max(0, schema.minimum ?? 0);
  const fields = (schema.required ?? []).map((name) => [name, smallest(schema.properties?.[name] ?? {})]);
  return Object.fromEntries(fields) as unknown;
}

interface Known {
  readonly least: object;
  readonly stored: z.ZodType;
}
const known = new Map<string, Known>(
  eventDefinitions.map((definition) => [
    definition.type,
    {
      least: smallest(jsonSchemaOf(definition)) as object,
      stored: storedSchemaOf(definition.schema, z.string().startsWith(SEALED_PREFIX)),
    },
  ]),
);

/**
 * Data of an event as a projection gets it from the log: what is given, and the least that the catalogue allows for all else.
 * @throws Error when the log could not hold it: a value of the wrong form, or a personal text that is not sealed
 */
export function eventData<T extends DomainEventType>(type: T, given: Partial<DataOf<T>>): DataOf<T> {
  const { least, stored } = known.get(type)!;
  const checked = stored.safeParse({ ...least, ...given });
  if (checked.success) return checked.data as DataOf<T>;
  const places = checked.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new Error(`The log cannot hold this ${type}: ${places.join('; ')} (a personal text is given as sealed('…'))`);
}
