import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { featuresOf, PAGE, page } from '../../features.ts';

test('docs/features.md names the tests that there are', () => {
  assert.equal(readFileSync(PAGE, 'utf8'), page(), 'stale: npm run features');
});

test('a test is a line, one of a loop a line for each value', () => {
  const source = `
test('One: is so', () => {});
for (const kind of ['a', 'b']) {
  test(\`Two: \${kind} is so\`, () => {});
}
`;
  assert.deepEqual(featuresOf(source), [
    { name: 'One', claim: 'is so' },
    { name: 'Two', claim: 'a is so' },
    { name: 'Two', claim: 'b is so' },
  ]);
});
