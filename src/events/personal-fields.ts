import { z } from 'zod';
import { personalClassOf, type PersonalClass } from './personal.js';

/** Where the personal strings of a schema lie; undefined where a schema has none. Made once per definition. */
export type PersonalShape =
  | { readonly kind: 'text'; readonly personalClass: PersonalClass }
  | { readonly kind: 'array'; readonly item: PersonalShape }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, shape: PersonalShape])[] };

type AnySchema = z.core.$ZodType;

const unwrapped = (schema: AnySchema): AnySchema | undefined =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodReadonly
    ? schema.def.innerType
    : undefined;

const parts = (value: unknown): AnySchema[] => {
  if (value instanceof z.core.$ZodType) return [value];
  if (Array.isArray(value)) return value.flatMap(parts);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(parts) : [];
};

/** Any mark anywhere below, whatever the schema is made of. */
const hidesPersonal = (schema: AnySchema, seen = new Set<AnySchema>()): boolean => {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return (
    personalClassOf(schema) !== undefined ||
    parts(schema._zod.def).some((part) => part !== schema && hidesPersonal(part, seen))
  );
};

/**
 * Finds the fields marked with `personal()`: in objects, arrays, and through optional, nullable, default and readonly.
 * @throws Error when a mark lies where sealing cannot reach it (a union, a record, a tuple …): it would go out in the clear
 */
export const personalShapeOf = (schema: AnySchema): PersonalShape | undefined => {
  const personalClass = personalClassOf(schema);
  if (personalClass !== undefined) return { kind: 'text', personalClass };
  const inner = unwrapped(schema);
  if (inner !== undefined) return personalShapeOf(inner);
  if (schema instanceof z.ZodArray) {
    const item = personalShapeOf(schema.def.element);
    return item && { kind: 'array', item };
  }
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries<AnySchema>(schema.def.shape).flatMap(([name, field]) => {
      const shape = personalShapeOf(field);
      return shape ? [[name, shape] as const] : [];
    });
    return fields.length === 0 ? undefined : { kind: 'object', fields };
  }
  if (hidesPersonal(schema)) {
    throw new Error(
      `A personal field inside a ${schema._zod.def.type} cannot be sealed; use objects, arrays and optionals`,
    );
  }
  return undefined;
};

/** The marked fields as dotted paths (`details.description`, `people[].name`), for documents. */
export const personalPathsOf = (
  shape: PersonalShape | undefined,
  path = '',
): readonly { readonly path: string; readonly personalClass: PersonalClass }[] => {
  switch (shape?.kind) {
    case undefined:
      return [];
    case 'text':
      return [{ path, personalClass: shape.personalClass }];
    case 'array':
      return personalPathsOf(shape.item, `${path}[]`);
    case 'object':
      return shape.fields.flatMap(([name, field]) => personalPathsOf(field, path === '' ? name : `${path}.${name}`));
  }
};

/**
 * A copy of `value` in which every personal string has gone through `change`; what holds no personal string is shared with
 * the original. Absent and null fields stay as they are.
 */
export const mapPersonal = (
  value: unknown,
  shape: PersonalShape,
  change: (text: string, personalClass: PersonalClass) => string,
): unknown => {
  if (shape.kind === 'text') return typeof value === 'string' ? change(value, shape.personalClass) : value;
  if (shape.kind === 'array') {
    return Array.isArray(value) ? value.map((item: unknown) => mapPersonal(item, shape.item, change)) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [name, field] of shape.fields) {
    if (copy[name] !== undefined) copy[name] = mapPersonal(copy[name], field, change);
  }
  return copy;
};

/** Every personal string of `value`, with its class. */
export const personalTextsOf = (
  value: unknown,
  shape: PersonalShape,
): readonly { readonly text: string; readonly personalClass: PersonalClass }[] => {
  const found: { text: string; personalClass: PersonalClass }[] = [];
  mapPersonal(value, shape, (text, personalClass) => {
    found.push({ text, personalClass });
    return text;
  });
  return found;
};

/**
 * The schema of the stored form: as `schema`, with `sealed` in place of every personal string (whose own rules, such as a
 * greatest length, speak about the open text).
 */
export const storedSchemaOf = (schema: z.ZodObject, sealed: z.ZodString): z.ZodType => {
  const rebuild = (part: AnySchema): AnySchema => {
    if (personalClassOf(part) !== undefined) return sealed;
    if (personalShapeOf(part) === undefined) return part;
    if (part instanceof z.ZodOptional) return z.optional(rebuild(part.def.innerType));
    if (part instanceof z.ZodNullable) return z.nullable(rebuild(part.def.innerType));
    if (part instanceof z.ZodArray) return z.array(rebuild(part.def.element));
    if (part instanceof z.ZodObject) return rebuildObject(part);
    const inner = unwrapped(part);
    return inner === undefined ? part : z.optional(rebuild(inner));
  };
  const rebuildObject = (object: z.ZodObject): z.ZodObject =>
    z.object(
      Object.fromEntries(Object.entries<AnySchema>(object.def.shape).map(([name, field]) => [name, rebuild(field)])),
    );
  return rebuildObject(schema);
};
