import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { logObstacle } from '../../src/gate/log-obstacle.ts';
import { appendRecord } from '../../src/state/log.ts';
import { scratchDir } from '../build/scratch.ts';

/** What is there before anybody looks; what is said of it; and whether a record can be appended all the same. */
it.each<[string, (log: string) => void, RegExp | null]>([
  ['nothing', () => {}, null],
  ['a log', (log) => write(log, '{}\n'), null],
  ['an empty log', (log) => write(log, ''), null],
  ['a directory', (log) => mkdirSync(log, { recursive: true }), /gate\.jsonl is a directory/],
  ['a link', (log) => link(log), /gate\.jsonl is a symbolic link/],
  ['a file where its directory belongs', (log) => write(dirname(log), ''), /ENOTDIR/],
])(
  'with %s in its place, the log can be written exactly where nothing is said',
  (_name, prepare, why) => {
    const dir = scratchDir();
    const log = join(dir, 'state/events/gate.jsonl');
    prepare(log);
    const before = readdirSync(dir, { recursive: true });
    if (why === null) expect(logObstacle(log)).toBeNull();
    else expect(logObstacle(log)).toMatch(why);
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
    const append = () => appendRecord(log, {});
    if (why === null) append();
    else expect(append).toThrow();
  },
);

it.skipIf(process.getuid?.() === 0)(
  'a log that may not be written is told by the system’s words',
  () => {
    const log = join(scratchDir(), 'gate.jsonl');
    write(log, '');
    chmodSync(log, 0o400);
    expect(logObstacle(log)).toMatch(/EACCES/);
  },
);

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function link(log: string): void {
  write(`${log}.real`, '');
  symlinkSync(`${log}.real`, log);
}
