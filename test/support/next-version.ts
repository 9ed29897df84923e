import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './scratch.ts';

export const NEXT_VERSION = '99.0.0';

/** The same package as its next version would be, below `root`; returns its CLI. */
export function nextVersion(root: string): string {
  const dist = join(root, 'next', 'dist');
  cpSync(join(packageRoot, 'dist'), dist, { recursive: true });
  cpSync(join(packageRoot, 'templates'), join(root, 'next', 'templates'), { recursive: true });
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const stamped = scripts(dist).filter((path) => stamp(path, version));
  if (stamped.length === 0) throw new Error(`expected the version ${version} in ${dist}`);
  writeFileSync(join(root, 'next', 'package.json'), '{"type":"module"}');
  return join(dist, 'cli.js');
}

function scripts(dist: string): string[] {
  const names = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.js')).map((name) => join(dist, name));
}

function stamp(path: string, version: string): boolean {
  const text = readFileSync(path, 'utf8');
  const next = text.replace(`VERSION = true ? "${version}"`, `VERSION = true ? "${NEXT_VERSION}"`);
  if (next === text) return false;
  writeFileSync(path, next);
  return true;
}
