import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeAtomic } from '../state/atomic.ts';

/** Keeps a copy of a file's text under a name made of its content, once, readable by its owner only. */
export function backUp(dir: string, path: string, text: string): string {
  const copy = join(dir, `${sha256(text).slice(0, 16)}-${basename(path)}`);
  if (!existsSync(copy)) writeAtomic(copy, text, 0o600);
  return copy;
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
