import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journalLines } from '../../../firmware/journal.ts';

test('under the journal each line begins with its priority, if it has a severity', () => {
  const line = journalLines({ JOURNAL_STREAM: '8:12345' });
  assert.equal(line('alarm', 'critical'), '<2>alarm');
  assert.equal(line('one\ntwo', 'warning'), '<4>one\n<4>two');
  assert.equal(line('over', 'notice'), '<5>over');
  assert.equal(line('a document is in force'), 'a document is in force');
});

test('in a terminal lines stay as they are', () => {
  assert.equal(journalLines({})('alarm', 'critical'), 'alarm');
});
