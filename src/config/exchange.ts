import { spawnSync } from 'node:child_process';
import type { Snapshot } from './snapshot.ts';

/** Linux's `renameat2` by the name that Node gives the processor. */
const RENAMEAT2: { readonly [arch: string]: number } = { x64: 316, arm64: 276, riscv64: 276 };

/**
 * Looks at `path`, exchanges, and looks at what came out. If another program was faster it exchanges again until what
 * comes out has been seen before: the newest file stays in place, and nobody had time to miss it.
 */
const SCRIPT = `
  my ($call, $fresh, $path, $planned) = @ARGV;
  my $bytes = do { local $/; <STDIN> } // '';
  sub id { join ':', (lstat shift)[0, 1] }
  sub content { open(my $file, '<:raw', shift) or return ''; local $/; <$file> // '' }
  sub is_planned { my ($file) = @_; id($file) eq $planned and content($file) eq $bytes }
  sub exchange { syscall($call + 0, -100, $fresh, -100, $path, 2) == 0 }
  my %seen = (id($fresh) => 1);
  exit 3 unless is_planned($path);
  exchange() or exit 2;
  exit 0 if is_planned($fresh);
  until ($seen{id($fresh)}++) { exchange() or last }
  exit 3;
`;

/**
 * Puts `fresh` where `path` is, and what was at `path` where `fresh` was, in one step; undone at once when that was
 * not the snapshot. Unlike a rename it can't destroy what another program put there since it was last looked at.
 * Node has no call for it, Perl has: `unavailable` where there is no Perl, another system, or a file system that can't.
 */
export function exchange(
  fresh: string,
  path: string,
  snapshot: Snapshot,
): 'done' | 'overtaken' | 'unavailable' {
  const call = process.platform === 'linux' ? RENAMEAT2[process.arch] : undefined;
  if (call === undefined) return 'unavailable';
  const planned = `${snapshot.stat.dev}:${snapshot.stat.ino}`;
  const { status } = spawnSync('perl', ['-e', SCRIPT, String(call), fresh, path, planned], {
    input: snapshot.bytes,
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: 5_000,
  });
  if (status === 0) return 'done';
  return status === 3 ? 'overtaken' : 'unavailable';
}
