import { z } from 'zod';
import { complaintEventDefinitions, trackingEventDefinitions } from './catalogue/complaint.js';
import { sessionEventDefinitions } from './catalogue/session.js';
import type { EventDefinition } from './define-event.js';
import { personalClassOf } from './personal.js';

// The catalogue for people (docs/events.md) and for the test that guards stored shapes (test/fixtures/events).

/** The part of JSON Schema that zod makes of our events, with the class of a personal string. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly 'x-personal'?: string;
}

/**
 * The shape of an event's data at its current version as JSON Schema. Equal for two schemas that accept the same data, so a
 * stored copy tells whether a version was changed after it was released.
 */
export const jsonSchemaOf = (definition: EventDefinition): FieldSchema => {
  const { $schema: _, ...schema } = z.toJSONSchema(definition.schema, {
    override: ({ zodSchema, jsonSchema }) => {
      const personalClass = personalClassOf(zodSchema);
      if (personalClass !== undefined) jsonSchema['x-personal'] = personalClass;
      // Said by the format already; the expression itself is zod's and may change with its version.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  return schema as FieldSchema;
};

interface Field {
  readonly path: string;
  readonly type: string;
  readonly optional: boolean;
  readonly personalClass: string;
}

const typeOf = (schema: FieldSchema): string => {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.items) return `list of ${schema.items.properties ? 'objects' : typeOf(schema.items)}`;
  if (schema.properties) return 'object';
  if (schema.format !== undefined) return schema.format;
  const range =
    schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER;
  const base = [schema.type ?? 'any'].flat().join(' or ');
  if (range) return `${base}, ${schema.minimum} to ${schema.maximum}`;
  if (schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER)
    return `${base}, from ${schema.minimum}`;
  if (schema.maxLength !== undefined) return `${base}, at most ${schema.maxLength} characters`;
  return schema.pattern === undefined ? base : `${base} like \`${schema.pattern}\``;
};

const fieldsOf = (schema: FieldSchema, prefix = ''): Field[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const inner = field.items?.properties ? field.items : field;
    const own: Field = {
      path,
      type: typeOf(field),
      optional: schema.required?.includes(name) !== true,
      personalClass: field['x-personal'] ?? field.items?.['x-personal'] ?? '',
    };
    return [own, ...fieldsOf(inner, field.items?.properties ? `${path}[].` : `${path}.`)];
  });

const cell = (text: string): string => text.replaceAll('|', '\\|');

const describeEvent = (definition: EventDefinition): string => {
  const fields = fieldsOf(jsonSchemaOf(definition));
  const rows = fields.map(
    ({ path, type, optional, personalClass }) =>
      `| \`${path}\` | ${cell(type)}${optional ? ', optional' : ''} | ${personalClass === '' ? '' : `**${personalClass}**`} |`,
  );
  const table = rows.length === 0 ? ['No data.'] : ['| field | type | personal |', '| --- | --- | --- |', ...rows];
  return [`### ${definition.type}`, '', `${definition.summary} Version ${definition.version}.`, '', ...table, ''].join(
    '\n',
  );
};

const sections: readonly { title: string; stream: string; definitions: readonly EventDefinition[] }[] = [
  { title: 'The conversation and the intake', stream: 'session-<session id>', definitions: sessionEventDefinitions },
  { title: 'The case', stream: 'complaint-<complaint id>', definitions: complaintEventDefinitions },
  { title: 'Tracking numbers', stream: 'tracking-<lookup key>', definitions: trackingEventDefinitions },
];

const introduction = `# Events

<!-- Made by \`npm run docs:events\` from src/events/catalogue/. Do not edit. -->

Everything that this system knows is derived from these facts. They are never changed: a new shape is a new version with an
upcaster, and every version has a stored sample in \`test/fixtures/events/\` that must stay readable.

Each event also carries its id, stream, revision, position, schema version, the times it occurred and was recorded, causation
id, correlation id, actor (kind, and for officers an id), the hash of the event before it in its stream and its own hash.

A field marked **personal** is stored only sealed (AES-256-GCM) under the key of its subject (the session) and class, and
reads as \`[erased]\` once that key has been destroyed:

| class | holds |
| --- | --- |
| content | what the citizen wrote, what was answered, details of the complaint |
| identity | name, phone, e-mail, ways to reach the citizen |
| evidence | names of files |
| handover | secrets shown to the citizen once; each has a key of its own that is destroyed after a day |
`;

/** docs/events.md as it must be: every event with its version, stream, fields, and which of them are personal. */
export const describeCatalogue = (): string =>
  [
    introduction,
    ...sections.map(({ title, stream, definitions }) =>
      [`## ${title}`, '', `Stream \`${stream}\`.`, '', definitions.map(describeEvent).join('\n')].join('\n'),
    ),
  ]
    .join('\n')
    .trimEnd() + '\n';
