import { readlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  INITIAL_NAMESPACE,
  isAgentHidden,
  isNested,
  ownNamespace,
  UNKNOWN_NAMESPACE,
} from '../../src/owner/namespace.ts';
import { readProcess } from '../../src/owner/process.ts';
import { chainOf } from './make.ts';

const isCodex = ({ name }: { name: string }) => name === 'codex';
const CONTAINER = '4026532177:66443';

it.each<[string, string | null, boolean]>([
  ['a container', CONTAINER, true],
  ['the first namespace', INITIAL_NAMESPACE, false],
  ['a system without namespaces', null, false],
  ['what cannot tell', UNKNOWN_NAMESPACE, false],
])('isNested: %s', (_name, here, expected) => expect(isNested(here)).toBe(expected));

it.each<[string, string[], string | null, boolean]>([
  ['a sandbox of the host: a shell, and its first process', ['bash', 'bwrap'], CONTAINER, true],
  ['a container that the agent runs in', ['bash', 'codex', 'sh'], CONTAINER, false],
  [
    'no container: a chain without an agent is a terminal',
    ['bash', 'tmux'],
    INITIAL_NAMESPACE,
    false,
  ],
  ['no namespaces', ['bash', 'launchd'], null, false],
  ['pids that mean nothing here', ['bash', 'codex'], UNKNOWN_NAMESPACE, true],
])('isAgentHidden: %s', (_name, names, here, expected) =>
  expect(isAgentHidden(chainOf(...names), isCodex, here)).toBe(expected),
);

it.runIf(process.platform === 'linux')('names the namespace of this process', () => {
  const [, inode] = /(\d+)/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
  const name = ownNamespace();
  const ticks = readProcess(1)?.start.split(':')[1];
  expect(name).toBe(inode === INITIAL_NAMESPACE ? inode : `${inode}:${ticks}`);
});
