import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { jsonSchema } from '../../../src/cli/commands/schema.ts';
import { DOCS } from '../model/example.ts';

interface Part {
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly items?: Part;
  readonly oneOf?: readonly Part[];
}

for (const name of ['document', 'node'] as const) {
  test(`docs/${name}.schema.json is what the schema says`, () => {
    const written = readFileSync(join(DOCS, `${name}.schema.json`), 'utf8');
    const remedy = `stale: npm run --silent schema ${name} > docs/${name}.schema.json`;
    assert.equal(written, `${jsonSchema(name)}\n`, remedy);
  });

  test(`every field of the ${name} has a title and help`, () => {
    const missing: string[] = [];
    const walk = (part: Part, path: string): void => {
      if (part.title === undefined || part.description === undefined) missing.push(path);
      for (const [key, field] of Object.entries(part.properties ?? {})) walk(field, `${path}.${key}`);
      for (const [index, choice] of (part.oneOf ?? []).entries()) walk(choice, `${path}<${index}>`);
      if (part.items !== undefined) walk(part.items, `${path}[]`);
    };
    walk(JSON.parse(jsonSchema(name)) as Part, name);
    assert.deepEqual(missing, []);
  });
}

test('the schema says what a lone serial line means', () => {
  const links = (JSON.parse(jsonSchema('document')) as Part).properties?.heartbeat?.properties?.links;
  assert.match(links?.description ?? '', /With `\[serial\]` alone, .* nobody moves/);
});
