import { chmodSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { hookOutput } from '../support/expect-output.ts';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { compile } from '../support/installed-tree.ts';
import type { Scratch } from '../support/scratch.ts';
import { gateRecords } from '../support/state-files.ts';

const HOUR_S = 3600;
let place: Scratch;
let agent: ReturnType<typeof host>;
let bundle: string;
let code: string;

beforeEach(async () => {
  place = scratch();
  agent = host(place, 'first');
  await agent.tool('stopgate build start "a task" --size large');
  compile(place);
  bundle = join(place.data, 'current/hooks/stop-gate-router.cjs');
  code = join(place.data, 'current/code/stop-gate-router');
});

const decision = async () => hookOutput(await agent.stop()).decision;

/** A Node that knows no option that is about its snapshot. */
function olderNode(): string {
  const path = join(place.root, 'older-node');
  const script = `case $1 in *-snapshot) exit 9 ;; esac\nexec '${process.execPath}' "$@"`;
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Other source of the same length, which is all that V8 compares. */
function changeBundle(secondsFromNow: number): void {
  const text = readFileSync(bundle, 'utf8');
  const changed = text.replaceAll('decision:"block"', 'decision:"other"');
  expect(changed).not.toBe(text);
  writeFileSync(bundle, changed);
  const at = Date.now() / 1000 + secondsFromNow;
  utimesSync(bundle, at, at);
}

it('runs the code that was compiled', async () => {
  changeBundle(-HOUR_S);
  expect(await decision()).toBe('block');
});

it('leaves code out that is older than its bundle', async () => {
  changeBundle(HOUR_S);
  expect(await decision()).not.toBe('block');
});

it.each([
  ['is cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  [
    'is of another version of V8',
    (bytes: Buffer) => Buffer.concat([Buffer.alloc(16), bytes.subarray(16)]),
  ],
  ['is empty', () => Buffer.alloc(0)],
])('runs from source when the code %s', async (_, damage) => {
  writeFileSync(code, damage(readFileSync(code)));
  expect(await decision()).toBe('block');
});

it('approves once when damaged code ends Node, and runs from source from then on', async () => {
  const bytes = readFileSync(code);
  writeFileSync(code, bytes.fill(0xff, 64, bytes.length - 64));
  expect(await decision()).toBe('approve');
  expect(gateRecords(place)).toMatchObject([{ cause: 'error' }]);
  expect(existsSync(code)).toBe(false);
  expect(await decision()).toBe('block');
});

it('runs from source after one stop when its Node does not know the option of compiled code', async () => {
  writeFileSync(join(place.data, 'node'), `${olderNode()}\n`);
  expect(await decision()).toBe('approve');
  expect(existsSync(code)).toBe(false);
  expect(await decision()).toBe('block');
});

it('leaves hooks uncompiled for a Node that does not know that option', async () => {
  compile(place, olderNode());
  expect(existsSync(code)).toBe(false);
  expect(await decision()).toBe('block');
});
