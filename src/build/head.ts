import { join, resolve } from 'node:path';
import { LINE_BYTES, readText, STATE_BYTES } from '../state/read-file.ts';

/**
 * The commit that `checkout` is at, read from git's own files so that a hook starts no git; `null` when it cannot be
 * told (no repository, unborn branch, another ref storage).
 */
export function headOf(checkout: string): string | null {
  const gitDir = gitDirOf(checkout);
  const head = read(join(gitDir, 'HEAD'));
  if (head === null) return null;
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  if (ref === undefined) return asCommit(head);
  const common = commonDirOf(gitDir);
  return (
    asCommit(read(join(gitDir, ref))) ?? asCommit(read(join(common, ref))) ?? packed(common, ref)
  );
}

/** Git's own folder of one working tree; a linked one and a submodule point to theirs. */
export function gitDirOf(checkout: string): string {
  const dotGit = join(checkout, '.git');
  const pointer = /^gitdir: (.+)$/.exec(read(dotGit) ?? '')?.[1];
  return pointer === undefined ? dotGit : resolve(checkout, pointer);
}

/** The folder that all working trees of a repository share. */
export function commonDirOf(gitDir: string): string {
  return resolve(gitDir, read(join(gitDir, 'commondir')) ?? '.');
}

function packed(common: string, ref: string): string | null {
  const refs = `\n${read(join(common, 'packed-refs'), STATE_BYTES) ?? ''}\n`;
  const end = refs.indexOf(` ${ref}\n`);
  return end < 0 ? null : asCommit(refs.slice(refs.lastIndexOf('\n', end) + 1, end));
}

function asCommit(text: string | null): string | null {
  return text !== null && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : null;
}

function read(path: string, maxBytes = LINE_BYTES): string | null {
  try {
    return readText(path, maxBytes).trim();
  } catch {
    return null;
  }
}
