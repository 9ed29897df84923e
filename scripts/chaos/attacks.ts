import type { Attack } from './attack.ts';
import { clock } from './attacks/clock.ts';
import { contended } from './attacks/contended.ts';
import { disk } from './attacks/disk.ts';
import { errno } from './attacks/errno.ts';
import { hostileGit } from './attacks/git.ts';
import { kill } from './attacks/kill.ts';
import { limits } from './attacks/limits.ts';
import { mounts } from './attacks/mounts.ts';
import { namespaces } from './attacks/namespaces.ts';
import { state } from './attacks/state.ts';
import { stdin } from './attacks/stdin.ts';
import { tmux } from './attacks/tmux.ts';

/** Every attack, in the order in which they run. */
export const ATTACKS: readonly Attack[] = [
  stdin,
  state,
  kill,
  errno,
  contended,
  limits,
  disk,
  mounts,
  namespaces,
  tmux,
  hostileGit,
  clock,
];
