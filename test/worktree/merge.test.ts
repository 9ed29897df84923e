import { expect, it } from 'vitest';
import { type Change, compare, parseRaw } from '../../src/worktree/integration/merge.ts';

const NONE = '000000:0';

/** `mode:blob` before and after. */
function change(before: string, after: string): Change {
  const entry = (text: string) => {
    const [mode = '', oid = ''] = text.split(':');
    return { mode, oid };
  };
  return { before: entry(before), after: entry(after) };
}

const edited = change('100644:a', '100644:b');

it.each<[string, Change, Change | undefined, 'same' | 'adds' | 'lines']>([
  ['the target did not touch it', edited, undefined, 'adds'],
  ['the target made the same change', edited, edited, 'same'],
  ['both changed lines', edited, change('100644:a', '100644:c'), 'lines'],
  ['the target deleted it', edited, change('100644:a', NONE), 'adds'],
  ['both deleted it', change('100644:a', NONE), change('100644:a', NONE), 'same'],
  ['deleted here, edited there', change('100644:a', NONE), edited, 'adds'],
  ['added here and there, the same', change(NONE, '100644:b'), change(NONE, '100644:b'), 'same'],
  [
    'added here and there, not the same',
    change(NONE, '100644:b'),
    change(NONE, '100644:c'),
    'adds',
  ],
  ['made executable here only', change('100644:a', '100755:a'), edited, 'adds'],
  [
    'made executable here and there',
    change('100644:a', '100755:a'),
    change('100644:a', '100755:c'),
    'same',
  ],
  ['edited here, made executable there', edited, change('100644:a', '100755:a'), 'adds'],
  ['edited the same, made executable there', edited, change('100644:a', '100755:b'), 'same'],
  ['edited and made executable here, edited there', change('100644:a', '100755:b'), edited, 'adds'],
  ['another link', change('120000:a', '120000:b'), change('120000:a', '120000:c'), 'adds'],
  [
    'another submodule commit',
    change('160000:a', '160000:b'),
    change('160000:a', '160000:c'),
    'adds',
  ],
  ['a link in its place', change('100644:a', '120000:b'), edited, 'adds'],
])('%s', (_, mine, theirs, expected) => {
  const answer = compare(mine, theirs);
  expect(typeof answer === 'object' ? 'lines' : answer).toBe(expected);
});

it('reads what differs between two commits', () => {
  const items = [':100644 000000 a 0 D', 'old name', ':000000 100755 0 b A', 'new\nname'];
  expect([...parseRaw(items)]).toEqual([
    ['old name', change('100644:a', NONE)],
    ['new\nname', change(NONE, '100755:b')],
  ]);
});
