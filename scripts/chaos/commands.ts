import type { HostId } from '../../src/owner/identity.ts';
import type { Call } from './agent.ts';
import { lineOf, recordedPayloads, sentBy } from './payloads.ts';
import type { Scene, Session } from './scene.ts';

/** A command that writes, or a hook that does. */
export interface Writing {
  readonly name: string;
  readonly kind: 'cli' | 'hook';
  /** What is done beforehand, by the owner, so that there is something to do. */
  readonly before?: readonly string[];
  /** Who runs it. */
  who(scene: Scene): Session;
  /** For a command its words; for a hook its entry. */
  words(scene: Scene): string;
  /** For a hook the event, as recorded. */
  readonly event?: string;
  /** Run once more it ends with 0 and the same state. */
  readonly again: boolean;
  /** What it leaves is no installation that could hold anybody. */
  readonly removes?: boolean;
}

const owner = (scene: Scene) => scene.owners.claude;
const stranger = (scene: Scene) => scene.strangers.claude;
const ofBuild = (words: string) => (scene: Scene) => `build ${words} --build ${owner(scene).build}`;
const always = (words: string) => () => words;

function cli(
  name: string,
  words: (scene: Scene) => string,
  more: Partial<Omit<Writing, 'kind' | 'name' | 'words'>> = {},
): Writing {
  return { name, kind: 'cli', who: owner, words, again: false, ...more };
}

function hook(name: string, entry: string, event: string, host: HostId = 'claude'): Writing {
  const who = (scene: Scene) => scene.owners[host];
  return { name, kind: 'hook', who, words: always(entry), event, again: false };
}

/** Everything that writes. */
export const WRITING: readonly Writing[] = [
  cli('build start', always("build start 'a third task'"), { who: stranger }),
  cli('build start --worktree', always("build start 'a third task' --worktree"), { who: stranger }),
  cli('build step', ofBuild("step 'something done'")),
  cli('build phase', ofBuild('phase verifying')),
  cli('build pause', ofBuild('pause --reason why')),
  cli('build resume', ofBuild('resume'), { before: ['build pause --reason why'] }),
  cli('build release', ofBuild('release')),
  cli('build complete', ofBuild('complete')),
  cli('build fail', ofBuild('fail')),
  cli('build claim', (scene) => `build claim ${owner(scene).build}`, { before: ['build release'] }),
  cli('build wait', (scene) => {
    const { pid } = scene.strangers.codex.agent;
    return `build wait --for 1h --pid ${pid} --build ${owner(scene).build}`;
  }),
  cli('gate mode', always('gate mode shadow'), { again: true }),
  cli('gate kill on', always('gate kill on'), { again: true }),
  cli('gate kill off', always('gate kill off'), { again: true, before: ['gate kill on'] }),
  cli('install', always('install --host claude --scope user'), {
    again: true,
    before: ['uninstall --host claude'],
  }),
  cli('uninstall', always('uninstall'), { again: true, removes: true }),
  cli('migrate', always('migrate'), { again: true }),
  cli('session keep', (scene) => `session keep ${stranger(scene).id} --reason why`),
  cli('session release', (scene) => `session release ${stranger(scene).id}`),
  cli('session prune', always('session prune --force --older-than 1s')),
  hook('SessionStart', 'session', 'SessionStart'),
  hook('UserPromptSubmit', 'session', 'UserPromptSubmit'),
  hook('SessionEnd', 'session', 'SessionEnd'),
  hook('SessionStart of Codex', 'session', 'SessionStart', 'codex'),
  hook('Stop', 'stop-gate-router', 'Stop'),
  hook('Stop of Codex', 'stop-gate-router', 'Stop', 'codex'),
  hook('Stop of the build gate alone', 'build-stop', 'Stop'),
];

/** A command may wait for a lock for 20 seconds, and more than once. */
const COMMAND_MS = 90_000;

/** How it is called; `wrapper` is what the CLI is started through. A hook is wrapped by its Node (wrapNode). */
export function callOf(one: Writing, scene: Scene, wrapper = ''): Call {
  const { world } = scene;
  const session = one.who(scene);
  if (one.kind === 'cli') {
    const command = `exec ${wrapper} '${process.execPath}' '${world.cli}' ${one.words(scene)}`;
    return { command, timeoutMs: COMMAND_MS };
  }
  const { host, id } = session;
  const recorded = recordedPayloads().find((it) => it.host === host && it.event === one.event);
  if (recorded === undefined) throw new Error(`expected a recorded ${one.event} of ${host}`);
  const command = world.hook(host, one.words(scene));
  return { command, input: lineOf(sentBy(recorded, id, world.project)) };
}
