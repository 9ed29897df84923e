import { readlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { INITIAL_NAMESPACE, ownNamespace } from '../../src/owner/namespace.ts';
import { readProcess } from '../../src/owner/process.ts';

it.runIf(process.platform === 'linux')('names the namespace of this process', () => {
  const [inode] = /\d+/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
  const ticks = readProcess(1)?.start.split(':')[1];
  const name = inode === INITIAL_NAMESPACE ? inode : `${inode}:${ticks}`;
  expect(ownNamespace()).toBe(name);
  expect(readProcess(process.pid)?.namespace).toBe(name);
});

it.runIf(process.platform !== 'linux')('names none where there are none', () => {
  expect(ownNamespace()).toBeNull();
  expect(readProcess(process.pid)).not.toHaveProperty('namespace');
});
