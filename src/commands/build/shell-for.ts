import { StopgateError } from '../../errors.ts';
import { confinementOf } from '../../hosts/codex/confinement.ts';
import { codexProgram } from '../../hosts/codex/program.ts';
import { ancestors } from '../../owner/process.ts';
import type { Origin } from '../../rights/origin.ts';
import { runnerOf } from '../../rights/runner.ts';
import { plainShell, type Shell, sandboxShell } from '../../rights/shell.ts';
import { type Way, wayFor } from '../../rights/way.ts';
import { print } from '../print.ts';
import { isTerminal, question } from '../question.ts';
import { outsideHint } from '../refusal.ts';

/** Commands of a build, and who had them written down. */
export interface Written {
  build: string;
  commands: readonly string[];
  cwd: string;
  origin: Origin | undefined;
}

/** How commands of a build may be run by this process; `where` says it to who reads the result. */
export interface Allowed {
  shell: Shell;
  where: string;
}

/**
 * Finds out with which rights commands of a build run here. A person is shown what an agent wrote down, and asked.
 * @throws StopgateError `in-sandbox`, `not-yours-to-run`, `no-codex`, `not-run`.
 */
export async function shellFor(written: Written): Promise<Allowed> {
  const { env } = process;
  const chain = ancestors(process.pid);
  const runner = runnerOf(env, chain);
  const held = (session: string | null) => confinementOf(session, env);
  const way = wayFor(runner, written.origin, held, written.cwd);
  switch (way.kind) {
    case 'direct':
      return { shell: plainShell, where: '' };
    case 'sandbox': {
      const codex = codexProgram(chain, env);
      if (codex !== null) return { shell: sandboxShell(codex, way), where: inSandbox(way) };
      if (runner.by === 'person') return asked(written, 'the program codex is not on PATH');
      throw noCodex();
    }
    case 'ask':
      return asked(written, way.why);
    case 'refuse':
      throw refusedWay(written, way);
    default:
      return way satisfies never;
  }
}

function inSandbox({ note }: Way & { kind: 'sandbox' }): string {
  return `inside Codex's sandbox${note === null ? '' : `, ${note}`}`;
}

/** Nothing but a yes of the person who read the commands lets them run with that person's rights. */
async function asked({ build, commands, cwd }: Written, why: string): Promise<Allowed> {
  if (!isTerminal() || commands.some(isTooLong)) throw notShown(build, why);
  print(
    `Build ${build} wants to run, in ${cwd}:`,
    ...commands.map((command) => `  ${command}`),
    `Nothing holds it back here: ${why}.`,
  );
  if (await question('Run this with all your rights?', false))
    return { shell: plainShell, where: '' };
  throw new StopgateError('not-run', 'Nothing was run, and the build is as it was.', {});
}

/** What a person cannot read whole is not asked about. */
const SHOWN_BYTES = 4_000;

function isTooLong(command: string): boolean {
  return Buffer.byteLength(command) > SHOWN_BYTES;
}

function refusedWay({ build }: Written, { code, why }: Way & { kind: 'refuse' }): StopgateError {
  if (code === 'in-sandbox') {
    const message = `No check of build ${build} is run here: ${why}.`;
    return new StopgateError(code, message, { hint: outsideHint() });
  }
  return notShown(build, why, code);
}

function notShown(build: string, why: string, code = 'not-yours-to-run'): StopgateError {
  const message = `The checks of build ${build} are not run with the rights that you have here: ${why}.`;
  return new StopgateError(code, message, {
    hint: `A person can read them and run them, in a terminal: stopgate build complete --build ${build}`,
  });
}

function noCodex(): StopgateError {
  return new StopgateError(
    'no-codex',
    'Expected the program codex, whose sandbox is needed here.',
    {
      hint: 'Put it on PATH, then run this again.',
    },
  );
}
