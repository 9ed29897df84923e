import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planSettings } from '../../src/config/plan.ts';
import type { Entry } from '../../src/config/types.ts';
import { CLAUDE_RULES } from '../../src/hosts/claude/entries.ts';
import { COMMAND, LAUNCHER, STOP_ENTRIES } from './corpus.ts';

const EVENTS = ['Stop', 'PreToolUse', 'SessionStart'] as const;
const entriesOf = (events: readonly string[]): Entry[] =>
  events.map((event) => ({ event, command: `${LAUNCHER} session`, timeout: 5 }));

const handler = fc.oneof(
  fc.record({ type: fc.constant('command'), command: fc.string() }),
  fc.jsonValue({ maxDepth: 1 }),
);
const group = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { matcher: fc.string(), hooks: fc.array(handler, { maxLength: 3 }) },
      { requiredKeys: [] },
    ),
  },
  fc.jsonValue({ maxDepth: 1 }),
);
const hooks = fc.dictionary(fc.constantFrom(...EVENTS), fc.array(group, { maxLength: 3 }), {
  maxKeys: 3,
});
const settings = fc
  .tuple(
    fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }),
    fc.option(hooks, { nil: undefined }),
    fc.nat(4),
  )
  .map(([rest, own, at]) => {
    const entries = Object.entries(rest).filter(([key]) => key !== 'hooks');
    if (own !== undefined) entries.splice(at, 0, ['hooks', own]);
    return Object.fromEntries(entries);
  });

/** Any layout: white space of any kind between any two tokens. */
const spaces = fc.array(fc.constantFrom('', ' ', '\n', '\r\n', '\t', '\n  ', '\r'), {
  minLength: 1,
  maxLength: 20,
});

function render(value: unknown, space: () => string): string {
  const list = (items: string[]) =>
    items.map((item) => space() + item + space()).join(',') || space();
  if (Array.isArray(value)) return `[${list(value.map((item) => render(item, space)))}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const items = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}${space()}:${space()}${render(item, space)}`,
  );
  return `{${list(items)}}`;
}

const text = fc
  .tuple(settings, spaces, fc.boolean(), fc.constantFrom(undefined, 2, 4, '\t'))
  .map(([value, layout, mark, indent]) => {
    let at = 0;
    const space = () => layout[at++ % layout.length] ?? '';
    const body =
      indent === undefined
        ? space() + render(value, space) + space()
        : `${JSON.stringify(value, null, indent)}\n`;
    return (mark ? '\uFEFF' : '') + body;
  });

it('install then remove is the identity on bytes, whatever the settings and their layout', () => {
  fc.assert(
    fc.property(text, fc.subarray([...EVENTS], { minLength: 1 }), (before, events) => {
      const entries = entriesOf(events);
      const installed = planSettings(before, entries, CLAUDE_RULES);
      if (installed.kind !== 'edit') throw new Error(JSON.stringify(installed));
      expect(planSettings(installed.text, entries, CLAUDE_RULES, installed.origin).kind).toBe(
        'unchanged',
      );
      const removed = planSettings(installed.text, [], CLAUDE_RULES, installed.origin);
      expect(removed.kind === 'edit' && removed.text).toBe(before);
    }),
    { numRuns: 1_000 },
  );
});

it('install keeps every value of the person’s, in any file at all, or refuses', () => {
  const any = fc.oneof(
    text,
    fc.string(),
    fc.json(),
    text.chain((whole) => fc.nat(whole.length).map((end) => whole.slice(0, end))),
  );
  fc.assert(
    fc.property(any, (before) => {
      const planned = planSettings(before, STOP_ENTRIES, CLAUDE_RULES);
      if (planned.kind !== 'edit') return;
      const old = before.trim() === '' ? {} : JSON.parse(before.replace(/^\uFEFF/, ''));
      const now = JSON.parse(planned.text.replace(/^\uFEFF/, ''));
      expect({ ...now, hooks: undefined }).toEqual({ ...old, hooks: undefined });
      expect(now.hooks.Stop.slice(0, -1)).toEqual(old.hooks?.Stop ?? []);
      expect(now.hooks.Stop.at(-1)).toEqual({
        hooks: [{ type: 'command', command: COMMAND, timeout: 10 }],
      });
    }),
    { numRuns: 1_000 },
  );
});
