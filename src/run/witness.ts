import { spawn } from 'node:child_process';

/** What a person, a terminal or a program may send to a job. */
export const PASSED = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGTERM',
  'SIGTSTP',
  'SIGCONT',
  'SIGWINCH',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGABRT',
] as const;

/** Two equal signals in a row may reach this process as one: what it was never asked about is forgotten. */
const FORGET_MS = 300;

/** Tells of a signal that this process got whether the rest of its process group got it too. */
export interface Witness {
  saw(signal: NodeJS.Signals): Promise<boolean>;
  dismiss(): void;
}

/**
 * A terminal signals a whole process group, `kill` mostly one process, and Node cannot tell them apart. A small shell
 * of the same group can: it names each signal that it gets, and then answers the question that is waiting.
 */
export function callWitness(): Witness {
  const traps = PASSED.map((name) => `trap 't=1; echo ${name}' ${name.slice(3)}`);
  // A trap that runs makes `read` fail just as the end of stdin does.
  const loop = 'while t=; read -r question && echo . || [ "$t" ]; do :; done';
  const shell = spawn('/bin/sh', ['-c', [...traps, loop].join('; ')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const asked: (() => void)[] = [];
  const seen: { name: string; at: number }[] = [];
  let gone = false;
  const leave = () => {
    gone = true;
    for (const answer of asked.splice(0)) answer();
  };
  shell.on('error', leave).on('exit', leave);
  shell.stdin.on('error', () => undefined);
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const word of text.split('\n').filter((line) => line !== '')) {
      if (word === '.') asked.shift()?.();
      else seen.push({ name: word, at: Date.now() });
    }
  });
  return {
    async saw(signal) {
      if (gone) return false;
      await new Promise<void>((answer) => {
        asked.push(answer);
        shell.stdin.write('\n');
      });
      const recent = seen.splice(0).filter(({ at }) => Date.now() - at < FORGET_MS);
      const at = recent.findIndex(({ name }) => name === signal);
      seen.push(...recent.filter((_, index) => index !== at));
      return at >= 0;
    },
    dismiss: () => shell.stdin.end(),
  };
}
