import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Every line of code of the package that a pattern is found in, as `file:line`; comments and plain imports are left out. */
function linesWith(pattern: RegExp): string[] {
  return ['src', 'hooks'].flatMap(sources).flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => {
        const isCode = !/^\s*(\*|\/\/|\/\*)|^import .*'\.|^import .*'node:|^ {2}(type )?\w+,$/.test(
          line,
        );
        return isCode && pattern.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [];
      }),
  );
}

function sources(dir: string): string[] {
  return readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(dir, name))
    .sort();
}

/** Lines that are not in one of the files, which each has its reason. */
function outside(lines: string[], allowed: Readonly<Record<string, string>>): string[] {
  return lines.filter((line) => !Object.hasOwn(allowed, line.split(':')[0] ?? ''));
}

it('files are read through src/state/read-file.ts alone; the kernel’s own files need no bound', () => {
  const reads = linesWith(
    /\b(readFileSync|createReadStream|readFile|(?<!dir\.)readSync|openSync|fs\/promises)\b/,
  );
  const direct = reads.filter(
    (line) => !/readFileSync\([`'](\/proc\/|\/etc\/machine-id')/.test(line),
  );
  const allowed = {
    'src/state/read-file.ts': 'the door itself',
    'src/state/atomic.ts': 'opens to write, and directories to sync them',
    'src/state/lock.ts': 'opens what it makes itself, and never what is there',
    'src/state/heartbeat.ts':
      'opens our own lock to write to it, and reads whether it still is ours',
    'src/state/log.ts': 'opens our own log to append, and reads its last byte',
  };
  expect(outside(direct, allowed)).toEqual([]);
});

it('a terminal is written to through src/commands/print.ts alone', () => {
  const writes = linesWith(
    /\bprocess\[|process\.(stdout|stderr)(?!\.isTTY)|\bconsole\.|writeSync\([12],|'inherit'/,
  );
  const prompts = linesWith(/createInterface\(\{ input: process|'@clack/);
  const allowed = {
    'src/commands/print.ts': 'the door itself',
    'src/cli.ts': 'listens for a stream that breaks',
    'src/io/emit.ts': 'the one object of a hook, to its host',
    'src/run/foreground.ts': 'the terminal is the command’s own',
    'src/commands/question.ts': 'readline asks there; the text is rendered by the door',
    'src/commands/ask-install.ts': 'clack asks there; the preview is rendered by the door',
  };
  expect(outside([...writes, ...prompts], allowed)).toEqual([]);
});
