import * as z from 'zod';
import { documentSchema } from '../../model/document.ts';
import { nodeSchema } from '../../model/node.ts';
import { EXIT, UsageError } from '../io.ts';
import type { Command } from '../program.ts';

const SCHEMAS = { document: documentSchema, node: nodeSchema } as const;

/**
 * JSON Schema (2020-12) of what a person writes: fields with a default are not required. Each field's help stands where
 * editors look for it, under `description`.
 */
export function jsonSchema(name: keyof typeof SCHEMAS): string {
  const schema = z.toJSONSchema(SCHEMAS[name], {
    io: 'input',
    override: ({ jsonSchema: part }) => {
      if (typeof part.help !== 'string') return;
      part.description = part.help;
      delete part.help;
    },
  });
  return JSON.stringify(schema, null, 2);
}

export const command: Command = {
  options: {},
  words: [0, 1],
  async run(io, [name = 'document']) {
    if (name !== 'document' && name !== 'node') throw new UsageError(`schema takes document or node, not "${name}"`);
    io.out(jsonSchema(name));
    return EXIT.ok;
  },
};
