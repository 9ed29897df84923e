import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));

/** As a heading is named in a link. */
function anchorsOf(text: string): string[] {
  const headings = text.split('\n').filter((line) => line.startsWith('#'));
  return headings.map((line) =>
    line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

it.each(['README.md', 'CHANGELOG.md', 'SECURITY.md', ...pages])(
  'every link of %s leads somewhere',
  (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(
      ([, target]) => target ?? [],
    );
    for (const target of targets.filter((one) => !/^https?:/.test(one))) {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect(existsSync(join(root, file)), target).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(read(file)), target).toContain(anchor);
    }
  },
);

it('every decision has a number of its own, its heading says it, and the list links it', () => {
  const files = pages.filter((page) => /adr\/\d/.test(page)).map((page) => page.slice(9));
  const numbers = files.map((name) => Number(name.slice(0, 4))).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  const list = read('docs/adr/README.md');
  for (const name of files) {
    expect(read(`docs/adr/${name}`)).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. `));
    expect(list).toContain(`](${name})`);
  }
});

it('the README names every command', () => {
  const names = [...read('src/cli.ts').matchAll(/^ {2}(\w+): \{$/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(read('README.md')).toContain(`\`${name}\``);
});
