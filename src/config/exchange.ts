import { spawnSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { identity, isCurrent, type Snapshot } from './snapshot.ts';

interface Calls {
  readonly renameat2: number;
  readonly setxattr: number;
  readonly getxattr: number;
  readonly listxattr: number;
}

const GENERIC: Calls = { renameat2: 276, setxattr: 5, getxattr: 8, listxattr: 11 };

/** Linux's system calls by the name that Node gives the processor. */
const CALLS: { readonly [arch: string]: Calls } = {
  x64: { renameat2: 316, setxattr: 188, getxattr: 191, listxattr: 194 },
  arm64: GENERIC,
  riscv64: GENERIC,
};

/**
 * Looks at `path`, gives `fresh` its access list and other attributes, exchanges, and looks at what came out. If
 * another program was faster it exchanges again until what comes out has been seen before: the newest file stays in
 * place, and nobody had time to miss it.
 */
const SCRIPT = `
  my ($fresh, $path, $planned, @calls) = @ARGV;
  my ($call, $set, $get, $list) = map { $_ + 0 } @calls;
  my $bytes = do { local $/; <STDIN> } // '';
  sub id { join ':', (lstat shift)[0, 1] }
  sub content { open(my $file, '<:raw', shift) or return ''; local $/; <$file> // '' }
  sub is_planned { my ($file) = @_; id($file) eq $planned and content($file) eq $bytes }
  sub exchange { syscall($call, -100, $fresh, -100, $path, 2) == 0 }
  sub read_by {
    my ($number, @names) = @_;
    my $into = "\\0" x 65536;
    my $size = syscall($number, @names, $into, length $into);
    return $size > 0 ? substr($into, 0, $size) : '';
  }
  my %seen = (id($fresh) => 1);
  exit 3 unless is_planned($path);
  for my $name (split /\\0/, read_by($list, $path)) {
    my $value = read_by($get, $path, $name);
    syscall($set, $fresh, $name, $value, length $value, 0);
  }
  exchange() or exit 2;
  exit 0 if is_planned($fresh);
  until ($seen{id($fresh)}++) { exchange() or last }
  exit 3;
`;

/**
 * Puts `fresh` where `path` is, and what was at `path` where `fresh` was, in one step; undone at once when that was
 * not the snapshot. Unlike a rename it can't destroy what another program put there since it was last looked at.
 * Node has no call for it, Perl has: `unavailable` where there is no Perl, another system, or a file system that can't.
 * Whatever becomes of Perl, the files tell how far it came.
 */
export function exchange(
  fresh: string,
  path: string,
  snapshot: Snapshot,
  boundMs = BOUND_MS,
): 'done' | 'overtaken' | 'unavailable' {
  const calls = process.platform === 'linux' ? CALLS[process.arch] : undefined;
  const ours = idAt(fresh);
  if (calls === undefined || ours === null) return 'unavailable';
  const { renameat2, setxattr, getxattr, listxattr } = calls;
  const numbers = [renameat2, setxattr, getxattr, listxattr].map(String);
  const { status } = spawnSync('perl', ['-e', SCRIPT, fresh, path, snapshot.id, ...numbers], {
    input: snapshot.bytes,
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: boundMs,
    killSignal: 'SIGKILL',
  });
  if (status === 0) return idAt(fresh) === ours ? 'unavailable' : 'done';
  if (idAt(path) === ours) return 'done';
  return status === 3 && !isCurrent(path, snapshot) ? 'overtaken' : 'unavailable';
}

/** It takes a few milliseconds. */
const BOUND_MS = 5_000;

function idAt(path: string): string | null {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : identity(stat);
}
