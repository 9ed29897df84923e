import { closeSync, statSync } from 'node:fs';
import { openRegularFile, readAt } from '../state/read-file.ts';

/** The length of a transcript; -1 where there is none, or it cannot be told. */
export function transcriptSize(path: string | null): number {
  try {
    return path === null ? -1 : (statSync(path, { throwIfNoEntry: false })?.size ?? -1);
  } catch {
    return -1;
  }
}

/**
 * True when the model has provably spoken since the transcript was `size` long. Lines that hooks leave in it don't count.
 */
export function hasSpokenSince(path: string | null, size: number): boolean {
  if (path === null || size < 0) return false;
  try {
    const { fd, stat } = openRegularFile(path);
    try {
      const added = Math.min(Math.max(stat.size - size, 0), READ_BYTES);
      // Both hosts write one JSON object per line, without spaces, and quotes inside of a text are escaped.
      return readAt(fd, size, added).includes('"role":"assistant"');
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

const READ_BYTES = 1024 * 1024;
