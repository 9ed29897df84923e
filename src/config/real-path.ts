import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A path with every link in it followed, as far as it is there: two spellings of one place come out the same. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const dir = dirname(path);
    return dir === path ? path : join(realPath(dir), basename(path));
  }
}
