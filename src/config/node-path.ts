import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { homeDir } from '../state/paths.ts';

/**
 * A path of Node that is still there after the next upgrade: `running` itself unless it lies in a directory of one
 * version or one shell, else the first lasting candidate that is new enough, else `running` after all.
 */
export function lastingNode(
  running: string,
  candidates: readonly string[],
  versionOf: (path: string) => string | null,
): string {
  if (!isFleeting(running)) return running;
  const fits = (path: string) => !isFleeting(path) && isEnough(versionOf(path));
  return candidates.find(fits) ?? running;
}

/** Where Node may be found on this machine, programs before shims, which obey the directory they are run in. */
export function nodeCandidates(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = homeDir(env);
  const onPath = (env.PATH ?? '').split(delimiter).filter((dir) => isAbsolute(dir));
  const known = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'];
  const shims = ['.volta/bin', '.local/share/mise/shims', '.asdf/shims', '.nodenv/shims'];
  const dirs = [...onPath, ...known, ...shims.map((dir) => join(home, dir))];
  const paths = [...new Set(dirs)].map((dir) => join(dir, 'node'));
  const lasting = paths.filter((path) => !path.startsWith(join(tmpdir(), '/')));
  return [...lasting.filter((path) => !isShim(path)), ...lasting.filter(isShim)];
}

/** The version a Node reports, or null when it reports none within two seconds. */
export function nodeVersion(path: string): string | null {
  try {
    const out = execFileSync(path, ['--version'], {
      cwd: '/',
      encoding: 'utf8',
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2_000,
    });
    return /^v\d+\.\d+\.\d+/.exec(out)?.[0] ?? null;
  } catch {
    return null;
  }
}

/** A path with a version number in it, or one that a version manager makes for a single shell. */
function isFleeting(path: string): boolean {
  return /\/v?\d+\.\d+(\.\d+)?[^/]*\/|\/fnm_multishells\/|\/Cellar\/|\/node_modules\//.test(path);
}

function isEnough(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').replace('v', '').split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

function isShim(path: string): boolean {
  if (path.includes('/shims/')) return true;
  try {
    return basename(realpathSync(path)) !== 'node';
  } catch {
    return false;
  }
}
