import { errnoOf } from '../errors.ts';

/** What the system would not do, and what helps. */
export interface SystemFailure {
  readonly message: string;
  readonly hint: string;
}

/** Words for an error of the system itself, or `null` when a program threw it: only that is a defect. */
export function systemFailureIn(error: unknown): SystemFailure | null {
  const code = errnoOf(error);
  if (code === undefined || !/^(E[A-Z0-9]+|Unknown system error -\d+)$/.test(code)) return null;
  const { syscall, path } = error as NodeJS.ErrnoException;
  const call = syscall === undefined ? '' : ` at ${syscall}`;
  const where = path === undefined ? '' : ` of ${path}`;
  return {
    message: `The system reports ${code}${call}${where}${MEANINGS[code] ? `: ${MEANINGS[code]}` : ''}.`,
    hint: HINTS[code] ?? 'Run the command again; what was written before is whole.',
  };
}

const MEANINGS: Readonly<Record<string, string>> = {
  EAGAIN: 'no further process can be started',
  EIO: 'the disk or its file system fails',
  ELOOP: 'too many symbolic links lead to each other',
  EMFILE: 'this process has too many files open',
  ENAMETOOLONG: 'a name is too long',
  ENFILE: 'this machine has too many files open',
  ENOMEM: 'there is no memory left',
};

const HINTS: Readonly<Record<string, string>> = {
  EAGAIN: 'End some processes, or raise the limit (ulimit -u), then run the command again.',
  EIO: 'See the log of the system (dmesg), then run the command again.',
  EMFILE: 'Raise the limit (ulimit -n), then run the command again.',
  ENFILE: 'Close some programs, then run the command again.',
  ENOMEM: 'Close some programs, then run the command again.',
};
