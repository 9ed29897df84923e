import {
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { pruneLogs } from '../../src/logs/prune.ts';
import { machineId } from '../../src/owner/machine.ts';
import { updateSession } from '../../src/session/store.ts';
import { statePaths } from '../../src/state/paths.ts';
import { scratchDir } from '../build/scratch.ts';
import { recordOf } from '../session/scene.ts';
import { stampOfPid } from '../support/process-stamp.ts';

const HOUR = 3_600_000;

function place() {
  const paths = statePaths(scratchDir());
  updateSession(paths, 'known', 1000, () => recordOf({ sessionId: 'known' }));
  const put = (path: string, text: string, ageMs = 2 * HOUR) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const at = new Date(Date.now() - ageMs);
    utimesSync(path, at, at);
    return path;
  };
  const prune = async (force: boolean, olderThanMs: number | null = null) =>
    Object.fromEntries(
      (await pruneLogs(paths, { force, olderThanMs })).map(({ log, outcome }) => [
        log.path.slice(paths.root.length + 1),
        'reason' in outcome ? `${outcome.verdict} ${outcome.reason}` : outcome.verdict,
      ]),
    );
  return { paths, put, prune };
}

it('removes rotated logs and bounds that name nothing recorded, and nothing else', async () => {
  const { paths, put, prune } = place();
  const current = put(paths.gateLog, '{"session":"gone"}\n');
  const gone = put(`${paths.gateLog}.1`, '{"session":"gone"}\n');
  const named = put(`${paths.gateLog}.2`, '{"session":"gone"}\n{"session":"known"}\n');
  const torn = put(`${paths.cleanupLog}.1`, '{"action":{"sessionId":"known');
  const blocks = put(paths.blocks('gone'), '{}');
  put(paths.blocks('known'), '{}');
  put(paths.blocks('new'), '{}', 1000);
  const expected = {
    'events/cleanup.jsonl.1': 'kept retained',
    'events/gate.jsonl.1': 'would_delete',
    'events/gate.jsonl.2': 'kept retained',
    'runtime/blocks/gone.json': 'would_delete',
    'runtime/blocks/known.json': 'kept retained',
    'runtime/blocks/new.json': 'kept live',
  };
  expect(await prune(false)).toEqual(expected);
  expect([gone, blocks].every(existsSync)).toBe(true);
  expect(existsSync(paths.cleanupLog)).toBe(false);

  expect(await prune(true)).toEqual({
    ...expected,
    'events/gate.jsonl.1': 'deleted',
    'runtime/blocks/gone.json': 'deleted',
  });
  expect([gone, blocks].some(existsSync)).toBe(false);
  expect([current, named, torn, paths.session('known')].every(existsSync)).toBe(true);
  const ledger = readFileSync(paths.cleanupLog, 'utf8').trim().split('\n');
  expect(ledger.map((line) => JSON.parse(line).step)).toEqual(['begin', 'end', 'begin', 'end']);
});

it('leaves alone what is no log of ours, and goes on after one that another process holds', async () => {
  const { paths, put, prune } = place();
  const foreign = put(join(paths.events, 'notes.jsonl.1'), 'of a person\n');
  const annotated = put(`${paths.annotations}.1`, '{"id":"a"}\n');
  const precious = put(join(paths.root, 'precious'), 'x\n');
  symlinkSync(precious, `${paths.gateLog}.1`);
  mkdirSync(paths.blocks('folder'), { recursive: true });
  const held = put(`${paths.cleanupLog}.1`, '{"session":"gone"}\n');
  put(`${paths.shutdownLog}.1`, '{"session":"gone"}\n');
  const self = { ...stampOfPid(), machine: machineId() };
  put(`${paths.cleanupLog}.lock`, JSON.stringify(self));
  expect(await prune(true)).toEqual({
    'events/cleanup.jsonl.1': 'refused locked',
    'events/gate.jsonl.1': 'refused liveness-uncertain',
    'events/shutdown.jsonl.1': 'deleted',
    'runtime/blocks/folder.json': 'refused liveness-uncertain',
  });
  expect([foreign, annotated, precious, held].every(existsSync)).toBe(true);
});

it('takes an age into account only when one is given', async () => {
  const { paths, put, prune } = place();
  put(`${paths.gateLog}.1`, '{"session":"gone"}\n');
  expect(await prune(true, 3 * HOUR)).toEqual({
    'events/gate.jsonl.1': 'kept newer-than-threshold',
  });
  expect(await prune(true, HOUR)).toEqual({ 'events/gate.jsonl.1': 'deleted' });
});

it('removes nothing while something recorded, or the log itself, cannot be read', async () => {
  const { paths, put, prune } = place();
  put(`${paths.gateLog}.1`, '{"session":"gone"}\n');
  mkdirSync(`${paths.gateLog}.2`);
  writeFileSync(join(paths.sessions, 'torn.json'), '{');
  expect(await prune(true)).toEqual({
    'events/gate.jsonl.1': 'refused liveness-uncertain',
    'events/gate.jsonl.2': 'refused liveness-uncertain',
  });
});
