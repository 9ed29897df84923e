import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Application, applySettings, previewSettings } from '../../src/config/apply.ts';
import { NO_ORIGIN, planSettings } from '../../src/config/plan.ts';
import type { Entry, Origin } from '../../src/config/types.ts';
import { CLAUDE_RULES } from '../../src/hosts/claude/entries.ts';
import { statePaths } from '../../src/state/paths.ts';
import { COMMAND, CORPUS, STOP_ENTRIES } from './corpus.ts';

let dir = '';
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'stopgate-apply-')));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const state = () => statePaths(join(dir, 'state'));
const settings = () => join(dir, 'settings.json');
/** All that a write would change, the time of the last reading left out. */
const traits = () => {
  const { ino, mode, uid, gid, size, nlink, mtimeMs, ctimeMs } = lstatSync(settings());
  return { ino, mode, uid, gid, size, nlink, mtimeMs, ctimeMs };
};
const listing = () => readdirSync(dir, { recursive: true }).sort();

/** An application that keeps its record in memory; `meddle` runs between the plan and the write. */
function application(
  path: string,
  entries: readonly Entry[],
  meddle = (): void => {},
): Application {
  return {
    path,
    mode: 0o600,
    state: state(),
    originOf: (target) => origins.get(target) ?? NO_ORIGIN,
    record: (target, _text, origin) => {
      origins.set(target, origin);
      meddle();
    },
    plan: (current, origin) => planSettings(current, entries, CLAUDE_RULES, origin),
  };
}
const origins = new Map<string, Origin>();
const install = (path = settings(), meddle?: () => void) =>
  applySettings(application(path, STOP_ENTRIES, meddle));
const remove = (path = settings()) => applySettings(application(path, []));

describe('the corpus on disk', () => {
  it.each(CORPUS)('$name: $outcome', ({ text, outcome, removed }) => {
    if (text !== null) writeFileSync(settings(), text);
    if (text !== null) utimesSync(settings(), 1, 1);
    if (/\d:\d/.test(outcome)) {
      const before = listing();
      const [code, where] = outcome.split(' ');
      expect(() => install()).toThrow(
        expect.objectContaining({
          code,
          message: expect.stringContaining(`${settings()}:${where}: `),
        }),
      );
      expect(readFileSync(settings(), 'utf8')).toBe(text);
      expect(listing()).toEqual(before);
      return;
    }
    expect(install().kind).toBe(outcome === 'edit' ? 'edited' : 'unchanged');
    expect(install().kind).toBe('unchanged');
    expect(remove().kind).toBe('edited');
    expect(readFileSync(settings(), 'utf8')).toBe(removed ?? text);
  });
});

describe('what surrounds the bytes', () => {
  it('writes through a chain of links, absolute and relative, and leaves the links', () => {
    mkdirSync(join(dir, 'dotfiles'));
    writeFileSync(join(dir, 'dotfiles', 'claude.json'), '{}');
    symlinkSync('dotfiles/claude.json', join(dir, 'middle'));
    symlinkSync(join(dir, 'middle'), settings());
    const applied = install();
    expect(applied.target).toBe(join(dir, 'dotfiles', 'claude.json'));
    expect(readlinkSync(settings())).toBe(join(dir, 'middle'));
    expect(readFileSync(applied.target, 'utf8')).toContain('stopgate-hook');
    expect(readdirSync(join(dir, 'dotfiles'))).toEqual(['claude.json']);
  });

  it('creates a file in a linked directory, with the directories it needs', () => {
    mkdirSync(join(dir, 'real'));
    symlinkSync('real', join(dir, 'link'));
    expect(install(join(dir, 'link', 'a', 'b', 'settings.json')).target).toBe(
      join(dir, 'real', 'a', 'b', 'settings.json'),
    );
  });

  it.each([0o600, 0o640, 0o664, 0o4755])('keeps mode %o, owner and group', (mode) => {
    writeFileSync(settings(), '{}');
    if (process.geteuid?.() === 0) chownSync(settings(), 1234, 2345);
    chmodSync(settings(), mode);
    const before = statSync(settings());
    install();
    const after = statSync(settings());
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
    expect(after.ino).not.toBe(before.ino);
  });

  it('leaves an up-to-date file alone, its time and inode included, even one that is read-only', () => {
    install();
    chmodSync(settings(), 0o444);
    utimesSync(settings(), 1, 1);
    const before = traits();
    expect(install().kind).toBe('unchanged');
    expect(traits()).toEqual(before);
  });

  it('keeps one private copy of each content that it replaced', () => {
    writeFileSync(settings(), '{ }');
    for (let round = 0; round < 3; round += 1) {
      const applied = install();
      expect(applied.kind === 'edited' && readFileSync(String(applied.backup), 'utf8')).toBe('{ }');
      remove();
    }
    const copies = readdirSync(state().backups);
    expect(copies).toHaveLength(2);
    for (const copy of copies) {
      expect(statSync(join(state().backups, copy)).mode & 0o777).toBe(0o600);
    }
  });

  it('removes the unfinished file of a writer that died, and nobody else’s', () => {
    for (const name of [
      '.settings.json.stopgate-999999999-x',
      `.settings.json.stopgate-${process.ppid}-x`,
      '.settings.json.swp',
    ]) {
      writeFileSync(join(dir, name), '');
    }
    install();
    expect(readdirSync(dir).sort()).toEqual(
      [
        '.settings.json.swp',
        `.settings.json.stopgate-${process.ppid}-x`,
        'settings.json',
        'state',
      ].sort(),
    );
  });

  it('goes on after a creation that was killed between its two names', () => {
    install();
    linkSync(settings(), join(dir, '.settings.json.stopgate-999999999-x'));
    expect(previewSettings(application(settings(), [])).kind).toBe('edited');
    expect(install().kind).toBe('unchanged');
    expect(readdirSync(dir).sort()).toEqual(['settings.json', 'state']);
    expect(remove().kind).toBe('edited');
  });

  it('shows a dry run as a unified diff and writes nothing', () => {
    writeFileSync(settings(), '{\n  "a": 1\n}\n');
    const before = traits();
    const preview = previewSettings(application(settings(), STOP_ENTRIES));
    expect(preview.kind === 'edited' && preview.diff).toContain(`--- ${settings()}`);
    expect(preview.kind === 'edited' && preview.diff).toContain(
      '\n-  "a": 1\n+  "a": 1,\n+  "hooks": {',
    );
    expect(listing()).toEqual(['settings.json']);
    expect(traits()).toEqual(before);
  });
});

describe('refusals leave everything as it was', () => {
  const cases: [string, string, () => void][] = [
    ['dangling-link', 'a link to nothing', () => symlinkSync('nothing', settings())],
    ['dangling-link', 'a link to itself', () => symlinkSync('settings.json', settings())],
    ['not-a-file', 'a directory', () => mkdirSync(settings())],
    ['not-utf8', 'latin-1', () => writeFileSync(settings(), Buffer.from([0x7b, 0xe9, 0x7d]))],
    ['not-utf8', 'utf-16', () => writeFileSync(settings(), Buffer.from('\uFEFF{}', 'utf16le'))],
    ['read-only', 'mode 0444', () => writeFileSync(settings(), '{}', { mode: 0o444 })],
    [
      'hard-linked',
      'two names',
      () => {
        writeFileSync(settings(), '{}');
        linkSync(settings(), join(dir, 'other'));
      },
    ],
  ];

  it.each(cases)('%s: %s', (code, _name, prepare) => {
    prepare();
    const before = [listing(), traits()];
    expect(() => install()).toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
    expect([listing(), traits()]).toEqual(before);
  });
});

describe('another writer', () => {
  const theirs = (n: number) => JSON.stringify({ n });
  const byRename = (text: string) => {
    writeFileSync(join(dir, 'editor.tmp'), text);
    renameSync(join(dir, 'editor.tmp'), settings());
  };
  const inPlace = (text: string) => writeFileSync(settings(), text);
  const content = () => JSON.parse(readFileSync(settings(), 'utf8'));

  it.each([
    ['by rename', byRename],
    ['in place', inPlace],
  ])('that writes %s between plan and write is planned for again', (_how, write) => {
    writeFileSync(settings(), theirs(0));
    let n = 0;
    install(settings(), () => (n < 3 ? write(theirs(++n)) : undefined));
    expect(content().n).toBe(3);
    expect(content().hooks.Stop[0].hooks[0].command).toBe(COMMAND);
  });

  it('that is in the middle of a write is waited for', () => {
    inPlace('{"n": 1, "la');
    const base = application(settings(), STOP_ENTRIES);
    const plan: Application['plan'] = (current, origin) => {
      const planned = base.plan(current, origin);
      if (planned.kind === 'refuse') inPlace('{"n": 1, "late": true}');
      return planned;
    };
    expect(applySettings({ ...base, plan }).kind).toBe('edited');
    expect(content()).toMatchObject({ n: 1, late: true, hooks: { Stop: [{}] } });
  });

  it('that puts another file with the same bytes in place has its mode kept', () => {
    writeFileSync(settings(), theirs(0), { mode: 0o644 });
    let n = 0;
    install(settings(), () => {
      if (n++ > 0) return;
      byRename(theirs(0));
      chmodSync(settings(), 0o600);
    });
    expect(statSync(settings()).mode & 0o777).toBe(0o600);
  });

  it('that makes the file read-only meanwhile is obeyed', () => {
    writeFileSync(settings(), theirs(0));
    const meddle = () => {
      byRename(theirs(1));
      chmodSync(settings(), 0o444);
    };
    expect(() => install(settings(), meddle)).toThrow(
      expect.objectContaining({ code: 'read-only' }),
    );
    expect(content()).toEqual({ n: 1 });
  });

  it('that creates the file first wins, and gets our entry added', () => {
    let n = 0;
    install(settings(), () => (n++ === 0 ? inPlace(theirs(7)) : undefined));
    expect(content()).toMatchObject({ n: 7, hooks: { Stop: [{}] } });
  });

  it('that deletes the file is planned for again', () => {
    writeFileSync(settings(), theirs(0));
    let n = 0;
    install(settings(), () => (n++ === 0 ? rmSync(settings()) : undefined));
    expect(Object.keys(content())).toEqual(['hooks']);
  });

  it('that never stops is refused as busy, and keeps what it wrote', () => {
    writeFileSync(settings(), theirs(0));
    let n = 0;
    const endless = () => byRename(theirs(++n));
    expect(() => install(settings(), endless)).toThrow(expect.objectContaining({ code: 'busy' }));
    expect(content()).toEqual({ n });
    expect(n).toBe(4);
  });

  it('leaves no unfinished file behind', () => {
    writeFileSync(settings(), theirs(0));
    let n = 0;
    install(settings(), () => (n++ === 0 ? byRename(theirs(1)) : undefined));
    expect(
      readdirSync(dirname(settings())).filter((name) =>
        name.includes(`${basename(settings())}.stopgate`),
      ),
    ).toEqual([]);
    expect(existsSync(join(dir, 'editor.tmp'))).toBe(false);
  });
});
