import { join } from 'node:path';
import { namesIn } from '../../state/json-file.ts';

/** Where an administrator keeps settings for everybody on this machine. */
export function managedDir(): string {
  return process.platform === 'darwin'
    ? '/Library/Application Support/ClaudeCode'
    : '/etc/claude-code';
}

/** An organisation can give more than these, from a server or a registry, which nobody but the host knows. */
export function managedFiles(dir: string): string[] {
  const more = join(dir, 'managed-settings.d');
  const names = namesIn(more).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  return [join(dir, 'managed-settings.json'), ...names.map((name) => join(more, name))];
}
