import type { Attack } from '../attack.ts';
import { hasStrace } from '../syscalls.ts';
import { strikeAll } from './strike-all.ts';

export const kill: Attack = {
  name: 'kill',
  title: 'kill -9 at every system call of every command and hook that writes',
  weight: 5,
  short: true,
  missing: () => (hasStrace() ? null : 'there is no strace, or it may not trace'),
  run: (run) =>
    strikeAll(run, {
      short: 10,
      faultsAt: ({ changes }) => (changes ? ['signal=KILL'] : []),
      isRight: ({ signal, code }) => signal === 'SIGKILL' || code === 0,
    }),
};
