import { expect, it } from 'vitest';
import { parseDocument } from '../../src/config/document.ts';
import { proveOnlyOurs } from '../../src/config/proof.ts';
import { COMMAND, STOP_ENTRIES } from './corpus.ts';

const OURS = `{"hooks": [{"type": "command", "command": ${JSON.stringify(COMMAND)}, "timeout": 10}]}`;
const THEIRS = '{"hooks": [{"type": "command", "command": "a"}]}';

function proves(before: string, after: string): boolean {
  const [old, now] = [parseDocument(before), parseDocument(after)];
  if (old.kind === 'refuse' || now.kind === 'refuse') throw new Error('not JSON');
  return proveOnlyOurs(old, now, STOP_ENTRIES);
}

it.each([
  ['a new file', '', `{"hooks": {"Stop": [${OURS}]}}`],
  ['a new event', '{"a": 1}', `{"a": 1, "hooks": {"Stop": [${OURS}]}}`],
  ['a new group', `{"hooks": {"Stop": [${THEIRS}]}}`, `{"hooks": {"Stop": [${THEIRS}, ${OURS}]}}`],
])('holds for %s', (_name, before, after) => {
  expect(proves(before, after)).toBe(true);
});

it.each([
  ['a value changed', '{"a": 1}', `{"a": 2, "hooks": {"Stop": [${OURS}]}}`],
  ['a value rewritten', '{"a": 1.0}', `{"a": 1, "hooks": {"Stop": [${OURS}]}}`],
  ['a key gone', '{"a": 1, "b": {}}', `{"a": 1, "hooks": {"Stop": [${OURS}]}}`],
  ['a duplicate gone', '{"a": 1, "a": 2}', `{"a": 2, "hooks": {"Stop": [${OURS}]}}`],
  ['keys in another order', '{"a": 1, "b": 2}', `{"b": 2, "a": 1, "hooks": {"Stop": [${OURS}]}}`],
  ['a group gone', `{"hooks": {"Stop": [${THEIRS}]}}`, `{"hooks": {"Stop": [${OURS}]}}`],
  [
    'an empty event of the person’s gone',
    '{"hooks": {"PreToolUse": []}}',
    `{"hooks": {"Stop": [${OURS}]}}`,
  ],
  [
    'a handler in another group',
    `{"hooks": {"Stop": [${THEIRS}, {"hooks": []}]}}`,
    `{"hooks": {"Stop": [{"hooks": []}, ${THEIRS}, ${OURS}]}}`,
  ],
  ['ours twice', '{}', `{"hooks": {"Stop": [${OURS}, ${OURS}]}}`],
  ['ours in another event', '{}', `{"hooks": {"SessionEnd": [${OURS}]}}`],
  ['ours missing', '{"a": 1}', '{"a": 1}'],
])('fails for %s', (_name, before, after) => {
  expect(proves(before, after)).toBe(false);
});
