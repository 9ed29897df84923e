import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type StatePaths, statePaths } from '../../src/state/paths.ts';

/** The root of this package: what `npm run build` put into dist is what runs in a scratch. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A machine of its own: home, project, state, and `stopgate` on PATH. */
export interface Scratch {
  root: string;
  home: string;
  project: string;
  data: string;
  paths: StatePaths;
  env: Record<string, string>;
  remove(): void;
}

/** Makes one that shares nothing with the person who runs it; `name` may hold any character of a path. */
export function makeScratch(name = 'home'): Scratch {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-')));
  const home = join(root, name);
  const project = join(home, 'project');
  const bin = join(root, 'bin');
  for (const dir of [project, bin]) mkdirSync(dir, { recursive: true });
  symlinkSync(join(packageRoot, 'dist/cli.js'), join(bin, 'stopgate'));
  return {
    root,
    home,
    project,
    data: join(home, '.local/share/stopgate'),
    paths: statePaths(join(home, '.local/state/stopgate')),
    env: environment(root, home, bin),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Built from nothing, so that no agent, pane or setting of the caller leaks in. */
function environment(root: string, home: string, bin: string): Record<string, string> {
  const path = [bin, dirname(process.execPath), process.env.PATH ?? '/usr/bin:/bin'];
  return {
    PATH: path.join(delimiter),
    HOME: home,
    TMPDIR: root,
    TMUX_TMPDIR: root,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    SHELL: '/bin/sh',
  };
}
