import { expect, it, vi } from 'vitest';

const written = vi.hoisted(() => ({ calls: [] as unknown[][], fail: false }));

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  writeSync: (...call: unknown[]) => {
    written.calls.push(call);
    if (written.fail) throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    return 0;
  },
}));

/** A fresh process as far as emit can tell. */
async function fresh(fail = false) {
  vi.resetModules();
  written.calls = [];
  written.fail = fail;
  return (await import('../../src/io/emit.ts')).emit;
}

it('writes one JSON object to stdout, once and whole', async () => {
  const emit = await fresh();
  emit({ decision: 'block', reason: 'a\nb "c" 😀' });
  emit({ decision: 'approve' });
  emit({});
  expect(written.calls).toEqual([[1, '{"decision":"block","reason":"a\\nb \\"c\\" 😀"}\n']]);
});

it('a host that is gone is no failure, and gets no second object', async () => {
  const emit = await fresh(true);
  expect(() => emit({})).not.toThrow();
  written.fail = false;
  emit({});
  expect(written.calls).toHaveLength(1);
});

it('a text holds nothing that acts on a terminal or a model, whatever wrote it', async () => {
  const emit = await fresh();
  emit({ reason: 'a\u001b[2J\u009b\u202e\tb\nc \ud800', hookSpecificOutput: { text: '\u0007' } });
  const [[, text] = []] = written.calls;
  expect(JSON.parse(String(text))).toEqual({
    reason: 'a [2J  \tb\nc \ufffd',
    hookSpecificOutput: { text: ' ' },
  });
});
