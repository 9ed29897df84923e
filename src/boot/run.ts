import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { readRegularFile, readText, STATE_BYTES } from '../state/read-file.ts';
import { wrap } from './wrap.ts';

/**
 * Runs `hooks/<entry>.cjs`, the entry being the first argument, from `code/<entry>`, which install compiled
 * (src/boot/compile.ts). V8 takes compiled code of its own version and flags only and compiles the source otherwise;
 * of the source it checks just the length, so code older than its bundle is left out here.
 */
const [, , entry = ''] = process.argv;
const bundle = join(__dirname, 'hooks', `${entry}.cjs`);
const code = join(__dirname, 'code', entry);
const script = new Script(wrap(readText(bundle, STATE_BYTES)), {
  filename: bundle,
  cachedData: readNewer(code, bundle),
});
script.runInThisContext()({}, require, { exports: {} }, bundle, dirname(bundle));

function readNewer(path: string, than: string): Buffer | undefined {
  try {
    return statSync(path).mtimeMs < statSync(than).mtimeMs
      ? undefined
      : readRegularFile(path, STATE_BYTES);
  } catch {
    return undefined;
  }
}
