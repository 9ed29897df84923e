import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { host } from '../support/host.ts';
import { placeLauncher, registered } from '../support/installed-tree.ts';
import { stopPayload } from '../support/payload.ts';
import { makeScratch } from '../support/scratch.ts';
import { type GateRecord, gateRecords, stateFile } from '../support/state-files.ts';

/** Every input meets the same armed build, sent by the process of its owner. */
const place = makeScratch();
const agent = host(place, 'first');

beforeAll(async () => {
  placeLauncher(place);
  expect(await agent.tool('stopgate build start "a task"')).toMatchObject({ code: 0 });
});
afterAll(() => place.remove());

/** Runs `stop` and returns the records that it left; the state file must not change by a byte. */
async function recordsOf(stop: () => Promise<unknown>): Promise<GateRecord[]> {
  const before = readFileSync(stateFile(place));
  const known = gateRecords(place).length;
  await stop();
  expect(readFileSync(stateFile(place)).equals(before)).toBe(true);
  return gateRecords(place).slice(known);
}

const whole = stopPayload('first', '/');
const { session_id: _, ...sessionless } = JSON.parse(whole);

/** Named inputs; each one is no Stop event of anybody, though the owner's own process sends it. */
const BAD: Record<string, string | Buffer> = {
  nothing: '',
  'a blank': '\n',
  'an array': '[]',
  null: 'null',
  'a number': '42',
  'a text': JSON.stringify(whole),
  'an empty object': '{}',
  'no session id': JSON.stringify(sessionless),
  'an empty session id': stopPayload('', '/'),
  'a number for a session id': stopPayload('first', '/', { session_id: 42 }),
  'an object for a session id': stopPayload('first', '/', { session_id: { id: 'first' } }),
  'a session id of 1001 characters': stopPayload('x'.repeat(1001), '/'),
  'a session id of 3 MB': stopPayload('x'.repeat(3_000_000), '/'),
  'a prompt id of 3 MB': stopPayload('first', '/', { prompt_id: 'x'.repeat(3_000_000) }),
  'a cwd of 20000 levels': stopPayload('first', '/a'.repeat(20_000)),
  'a cwd of 257 levels': stopPayload('first', '/a'.repeat(257)),
  'a cwd of 5000 characters': stopPayload('first', `/${'a'.repeat(5000)}`),
  'a cwd that is not absolute': stopPayload('first', 'project'),
  'an inherited name for cwd': stopPayload('first', '__proto__'),
  'a list for cwd': stopPayload('first', '/', { cwd: ['/'] }),
  'no event name': stopPayload('first', '/', { hook_event_name: undefined }),
  'a text for background tasks': stopPayload('first', '/', { background_tasks: 'none' }),
  'a truncated object': whole.slice(0, 200),
  'an object without its last brace': whole.trimEnd().slice(0, -1),
  'two objects': whole + whole,
  'log text before it': `starting\n${whole}`,
  'Latin-1': Buffer.from(stopPayload('first', '/é'), 'latin1'),
  'UTF-16': Buffer.from(whole, 'utf16le'),
  'zero bytes': Buffer.alloc(1000),
  'a stray byte': Buffer.concat([Buffer.from(whole.trimEnd().slice(0, -2)), Buffer.from([0xff])]),
  '5 MB': stopPayload('first', '/', { last_assistant_message: 'x'.repeat(5_000_000) }),
  '5 MB without an end': `{"session_id":"first","x":"${'}'.repeat(5_000_000)}`,
  '4 MB that look whole at every read': `{"session_id":"first","x":"${'}'.repeat(4_000_000)}`,
  '100000 open brackets': '['.repeat(100_000),
};

it.each(Object.entries(BAD))('approves on %s, with one record', async (_name, input) => {
  const records = await recordsOf(async () => {
    expect(hookOutput(await agent.stop({ input }))).toEqual({ decision: 'approve' });
  });
  expect(records).toMatchObject([{ verdict: 'approve', cause: 'error' }]);
  expect(records[0]?.error).toBeTruthy();
  expect(JSON.stringify(records).length).toBeLessThan(1000);
});

it.each([
  ['says nothing', ''],
  ['breaks off', whole.slice(0, 200)],
  ['opens a list and waits', '['],
])('approves in time when a stdin that never ends %s', async (_name, input) => {
  const records = await recordsOf(async () => {
    const ran = await agent.stop({ input, open: true });
    expect(hookOutput(ran)).toEqual({ decision: 'approve' });
  });
  expect(records).toMatchObject([{ verdict: 'approve', cause: 'error' }]);
});

it('answers Codex with its own empty object', async () => {
  const records = await recordsOf(async () => {
    const ran = await agent.stop({ command: registered('stop-gate-router', 'codex'), input: '[]' });
    expect(hookOutput(ran)).toEqual({});
  });
  expect(records).toMatchObject([{ host: 'codex', cause: 'error' }]);
});

it.each(['5 MB', 'two objects'])('lets the host write %s to the end', async (name) => {
  expect((await agent.stop({ input: BAD[name] ?? '' })).inputError).toBeNull();
});

it('still holds the owner after all of them', async () => {
  expect(hookOutput(await agent.stop()).decision).toBe('block');
});
