import { z } from 'zod';
import type { Taxonomy } from '../../../commands/taxonomy/taxonomy.js';
import type { ToolDefinition } from '../chat-model.js';
import { toolSpecs } from './specs.js';

// How the tools are shown to the model, and how a call that it wrote is read.

type Specs = ReturnType<typeof toolSpecs>;
export type ToolName = keyof Specs;
/** A call whose arguments were checked. */
export type CheckedCall = {
  [N in ToolName]: { readonly name: N; readonly args: z.infer<Specs[N]['schema']> };
}[ToolName];

export type ReadCall =
  | { readonly ok: true; readonly call: CheckedCall }
  | {
      readonly ok: false;
      readonly code: 'unknown_tool' | 'bad_arguments' | 'arguments_too_long';
      readonly hint: string;
    };

export interface ToolCatalogue {
  readonly definitions: readonly ToolDefinition[];
  /** Checks a call that a model wrote. The hint tells the model what is wrong; it quotes nothing of the arguments. */
  read(name: string, argumentsText: string, maxChars: number): ReadCall;
}

/** The strict form: every property required, no others. */
const strictSchema = (schema: z.ZodObject): Record<string, unknown> => {
  const { type, properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return { type, properties, required: Object.keys(properties), additionalProperties: false };
};

const parsed = (text: string): unknown => {
  try {
    // Some servers send nothing for a tool without arguments.
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The tools with the codes of this taxonomy. Made once. */
export const createToolCatalogue = (taxonomy: Taxonomy): ToolCatalogue => {
  const all = toolSpecs(taxonomy);
  const byName = new Map<string, { readonly schema: z.ZodObject }>(Object.entries(all));
  return {
    definitions: Object.entries(all).map(([name, { description, schema }]) => ({
      name,
      description,
      parameters: strictSchema(schema),
    })),
    read: (name, argumentsText, maxChars) => {
      const spec = byName.get(name);
      if (spec === undefined)
        return {
          ok: false,
          code: 'unknown_tool',
          hint: `There is no such tool. There are: ${[...byName.keys()].join(', ')}`,
        };
      if (argumentsText.length > maxChars)
        return { ok: false, code: 'arguments_too_long', hint: `Arguments have at most ${maxChars} characters.` };
      const result = spec.schema.safeParse(parsed(argumentsText));
      if (!result.success) {
        const where = result.error.issues.map(({ path, code }) => `${path.join('.') || 'arguments'}: ${code}`);
        return {
          ok: false,
          code: 'bad_arguments',
          hint: `The arguments must be JSON of the schema. ${where.join('; ')}`,
        };
      }
      // The name was found in the catalogue, and its own schema checked the arguments.
      return { ok: true, call: { name, args: result.data } as CheckedCall };
    },
  };
};
