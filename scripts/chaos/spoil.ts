import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What is done to the thing at a path; `old` are its bytes, empty for a directory. */
export type Spoil = (path: string, old: Buffer) => void;

const write = (path: string, bytes: string | Uint8Array) => {
  const mode = modeOf(path) & 0o777 || 0o600;
  rmSync(path, { recursive: true, force: true });
  writeFileSync(path, bytes, { mode });
};

const link =
  (target: (path: string) => string): Spoil =>
  (path) => {
    rmSync(path, { recursive: true, force: true });
    symlinkSync(target(path), path);
  };

/** Every kind of fault, by name. */
export const SPOILS: Readonly<Record<string, Spoil>> = {
  missing: (path) => rmSync(path, { recursive: true, force: true }),
  'cut in half': (path, old) => write(path, old.subarray(0, old.length / 2)),
  'one byte short': (path, old) => write(path, old.toString().trimEnd().slice(0, -1)),
  empty: (path) => write(path, ''),
  'huge, blanks': (path, old) => write(path, Buffer.concat([old, Buffer.alloc(17_000_000, ' ')])),
  'huge, sparse': (path, old) => {
    write(path, old);
    truncateSync(path, 2 ** 32);
  },
  'of wrong types': (path, old) => write(path, wrongTypes(old)),
  'an array': (path) => write(path, '[]\n'),
  null: (path) => write(path, 'null\n'),
  'a newer schema': (path, old) => write(path, newer(old)),
  'zero bytes': (path, old) => write(path, Buffer.alloc(Math.max(old.length, 64))),
  noise: (path, old) => write(path, noise(old.length)),
  'keys of every object': (path, old) => {
    const text = old.toString();
    const more = '{"__proto__":{"phase":"idle","schema":9},"constructor":1,"toString":2,';
    write(path, text.trimStart().startsWith('{') ? more + text.trimStart().slice(1) : text);
  },
  "another's file": (path, old) => {
    const [other] = readdirSync(dirname(path)).filter((name) => name !== basename(path));
    const bytes = other === undefined ? old : bytesOf(join(dirname(path), other));
    write(path, bytes);
  },
  'a directory': (path) => {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(join(path, 'x'), { recursive: true });
  },
  'a FIFO': (path) => {
    rmSync(path, { recursive: true, force: true });
    execFileSync('mkfifo', [path]);
  },
  'a link loop': link((path) => path),
  'a link to /dev/zero': link(() => '/dev/zero'),
  'a link to a FIFO': (path) => {
    const fifo = join(dirname(path), 'a-fifo');
    rmSync(fifo, { force: true });
    execFileSync('mkfifo', [fifo]);
    link(() => fifo)(path, NOTHING);
  },
  'a link to nothing': link(() => '/nonexistent/x'),
  'not readable': (path) => chmodUnlessLink(path, 0),
  'read-only': (path) => chmodUnlessLink(path, 0o400),
  'writable by all': (path) => chmodUnlessLink(path, 0o777),
};

/** Does it, and gives what is there now to the user of the world, as it would be there. */
export function spoil(name: string, path: string, uid: number | undefined): void {
  const how = SPOILS[name];
  if (how === undefined) throw new Error(`there is no fault ${name}`);
  mkdirSync(dirname(path), { recursive: true });
  how(path, bytesOf(path));
  if (uid !== undefined && modeOf(path) !== 0) lchownSync(path, uid, uid);
}

function chmodUnlessLink(path: string, mode: number): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isSymbolicLink()) chmodSync(path, mode);
}

/** 0 where there is nothing. */
function modeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0;
}

const NOTHING = Buffer.alloc(0);

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return NOTHING;
  }
}

function wrongTypes(old: Buffer): string {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return { list: value.map(turn) };
    if (value === null) return [null];
    if (typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, turn(one)]));
    }
    return typeof value === 'string' ? value.length : String(value);
  };
  try {
    const value = JSON.parse(old.toString());
    return JSON.stringify({ ...(turn(value) as object), schema: value.schema });
  } catch {
    return '{"schema":1}';
  }
}

function newer(old: Buffer): string {
  try {
    return JSON.stringify({ ...JSON.parse(old.toString()), schema: 99 });
  } catch {
    return '{"schema":99}';
  }
}

/** The same for every run: what is in it does not matter. */
function noise(length: number): Buffer {
  return Buffer.from(
    Array.from({ length: Math.max(length, 64) }, (_, at) => (at * 7919 + 13) % 256),
  );
}
