import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { writeAtomic } from '../state/atomic.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';
import { wrap } from './wrap.ts';

/**
 * Compiles every `hooks/*.cjs` of a version's directory, the first argument, into `code/`, for the Node that runs this.
 * Each function is compiled, also those that a first run would not reach; the flag for that is off again when the code
 * is taken, because V8 writes its flags into it and refuses code of other flags.
 */
const [, , dir = '.'] = process.argv;
for (const name of readdirSync(join(dir, 'hooks')).filter((name) => name.endsWith('.cjs'))) {
  const filename = join(dir, 'hooks', name);
  setFlagsFromString('--no-lazy');
  const script = new Script(wrap(readText(filename, STATE_BYTES)), { filename });
  setFlagsFromString('--lazy');
  writeAtomic(join(dir, 'code', basename(name, '.cjs')), script.createCachedData());
}
