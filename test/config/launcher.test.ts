import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  isCurrentVersion,
  launcherFiles,
  launcherWord,
  outdatedFiles,
  packageRoot,
  placeFiles,
  switchVersion,
} from '../../src/config/launcher.ts';

let dir = '';
let data = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stopgate-launcher-'));
  data = join(dir, 'data');
  mkdirSync(join(dir, 'pkg', 'dist', 'hooks'), { recursive: true });
  cpSync(join(packageRoot(), 'templates'), join(dir, 'pkg', 'templates'), { recursive: true });
  writeFileSync(join(dir, 'pkg', 'dist', 'hooks', 'build-stop.cjs'), '/* one */');
  writeFileSync(join(dir, 'pkg', 'dist', 'boot.cjs'), '/* boot */');
  writeFileSync(join(dir, 'pkg', 'dist', 'hooks', 'notes.txt'), 'not a bundle');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files = (node = '/usr/bin/node') => launcherFiles(join(dir, 'pkg'), '1.2.3', node);
const outdated = (node?: string) => outdatedFiles(data, files(node)).map(({ path }) => path);

describe('the installed tree', () => {
  it('holds bundles, Node and launcher, and is up to date once placed', () => {
    const all = [
      'versions/1.2.3/hooks/build-stop.cjs',
      'versions/1.2.3/boot.cjs',
      'node',
      'bin/stopgate-hook',
    ];
    expect(outdated()).toEqual(all);
    placeFiles(data, files());
    expect(outdated()).toEqual([]);
    expect(readFileSync(join(data, 'node'), 'utf8')).toBe('/usr/bin/node\n');
    expect(statSync(join(data, 'bin', 'stopgate-hook')).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(data, 'bin', 'stopgate-hook'), 'utf8')).toMatch(/^#!\/bin\/sh\n/);
  });

  it('names what changed: content, mode, Node, a link in the place of a file', () => {
    placeFiles(data, files());
    chmodSync(join(data, 'bin', 'stopgate-hook'), 0o644);
    expect(outdated()).toEqual(['bin/stopgate-hook']);
    writeFileSync(join(dir, 'pkg', 'dist', 'hooks', 'build-stop.cjs'), '/* two */');
    expect(outdated('/opt/node')).toHaveLength(3);
    placeFiles(data, files());
    rmSync(join(data, 'node'));
    symlinkSync('bin/stopgate-hook', join(data, 'node'));
    expect(outdated()).toEqual(['node']);
  });

  it('refuses a package that was never built', () => {
    rmSync(join(dir, 'pkg', 'dist'), { recursive: true });
    expect(() => files()).toThrow(expect.objectContaining({ code: 'not-built' }));
  });
});

describe('the current version', () => {
  it('is switched from one to the next', () => {
    mkdirSync(data);
    expect(isCurrentVersion(data, '1.2.3')).toBe(false);
    for (const version of ['1.2.3', '1.2.4']) {
      switchVersion(data, version);
      expect(isCurrentVersion(data, version)).toBe(true);
    }
    expect(readlinkSync(join(data, 'current'))).toBe('versions/1.2.4');
  });
});

describe('launcherWord', () => {
  it.each([
    ['/home/a b/.local/share/stopgate', '"$HOME/.local/share/stopgate/bin/stopgate-hook"'],
    ['/data/stopgate', "'/data/stopgate/bin/stopgate-hook'"],
    ["/it's/$x/stopgate", String.raw`'/it'\''s/$x/stopgate/bin/stopgate-hook'`],
  ])('%s: %s', (path, expected) => {
    expect(launcherWord(path, '/home/a b')).toBe(expected);
  });
});
