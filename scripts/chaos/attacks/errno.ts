import type { Attack } from '../attack.ts';
import { errorsAt, hasStrace } from '../syscalls.ts';
import { strikeAll } from './strike-all.ts';

export const errno: Attack = {
  name: 'errno',
  title: 'each error that a system call can fail with, at every call of the same',
  weight: 6,
  short: false,
  missing: () => (hasStrace() ? null : 'there is no strace, or it may not trace'),
  run: (run) =>
    strikeAll(run, {
      short: 14,
      faultsAt: (point) => errorsAt(point).map((error) => `error=${error}`),
      isRight: () => false,
    }),
};
