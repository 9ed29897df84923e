import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cliSync } from '../support/cli.ts';
import { registered } from '../support/installed-tree.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

const FILES = { claude: '.claude/settings.json', codex: '.codex/hooks.json' };
type Host = keyof typeof FILES;

function machine() {
  const place = makeScratch();
  onTestFinished(() => place.remove());
  const run = (...args: string[]) => cliSync(place, args);
  return { place, run };
}

function handsOff({ home }: Scratch, rules: object[] | string): void {
  const path = join(home, '.config/stopgate/config.json');
  mkdirSync(dirname(path), { recursive: true });
  const text = typeof rules === 'string' ? rules : JSON.stringify({ shutdownAfterIdle: rules });
  writeFileSync(path, text);
}

const settings = ({ home }: Scratch, host: Host) => readFileSync(join(home, FILES[host]), 'utf8');
const postToolUse = (place: Scratch, host: Host) =>
  JSON.parse(settings(place, host)).hooks.PostToolUse;

const command = (host: Host) => registered('shutdown-after-idle', host);
const entry = (host: Host, matcher: string) => [
  { matcher, hooks: [{ type: 'command', command: command(host), timeout: 5 }] },
];

it.each(['claude', 'codex'] as const)(
  '%s: the entry follows the settings, and goes with them',
  (host) => {
    const { place, run } = machine();
    expect(run('install', '--host', host)).toMatchObject({ status: 0 });
    const before = settings(place, host);
    expect(postToolUse(place, host)).toBeUndefined();

    handsOff(place, [
      { role: 'intake', tool: 'mcp__board__hand_off' },
      { role: 'review', tool: 'mcp__board__done' },
      { role: 'review', tool: 'mcp__board__hand_off' },
      { role: 'intake', tool: 'Bash', host: 'codex', successPattern: '^handed off' },
    ]);
    const shell = host === 'codex' ? 'Bash|' : '';
    expect(run('migrate')).toMatchObject({ status: 0 });
    expect(postToolUse(place, host)).toEqual(
      entry(host, `${shell}mcp__board__done|mcp__board__hand_off`),
    );

    handsOff(place, [{ role: 'intake', tool: 'mcp__board__hand_off' }]);
    const doctor = run('doctor');
    expect(doctor).toMatchObject({ status: 1 });
    expect(doctor.stdout).toContain('PostToolUse');
    run('doctor', '--fix');
    expect(postToolUse(place, host)).toEqual(entry(host, 'mcp__board__hand_off'));

    handsOff(place, []);
    expect(run('install', '--host', host)).toMatchObject({ status: 0 });
    expect(settings(place, host)).toBe(before);
  },
);

it('doctor finds nothing wrong with the registered entry', () => {
  const { place, run } = machine();
  handsOff(place, [{ role: 'intake', tool: 'mcp__board__hand_off' }]);
  run('install');
  expect(run('doctor')).toMatchObject({ status: 0 });
});

it('keeps a hook of a person for the same tool, and gives the file back to the byte', () => {
  const { place, run } = machine();
  const own = { matcher: 'Bash', hooks: [{ type: 'command', command: 'mine' }] };
  const text = `${JSON.stringify({ hooks: { PostToolUse: [own] } }, null, 3)}\n`;
  const path = join(place.home, FILES.claude);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  handsOff(place, [{ role: 'intake', tool: 'Bash' }]);
  run('install');
  expect(postToolUse(place, 'claude')).toEqual([own, ...entry('claude', 'Bash')]);
  run('uninstall');
  expect(settings(place, 'claude')).toBe(text);
});

it.each([
  ['a file for everybody', ['--host', 'claude', '--scope', 'project'], '.claude/settings.json'],
  ['that of Codex too', ['--host', 'codex', '--scope', 'project'], '.codex/hooks.json'],
])("keeps a person's rules out of %s", (_, flags, file) => {
  const { place, run } = machine();
  handsOff(place, [{ role: 'intake', tool: 'Bash', successPattern: 'x' }]);
  expect(run('install', ...flags)).toMatchObject({ status: 0 });
  const { hooks } = JSON.parse(readFileSync(join(place.project, file), 'utf8'));
  expect(Object.keys(hooks)).toContain('Stop');
  expect(hooks.PostToolUse).toBeUndefined();
});

it.each([
  ['no JSON', '{'],
  ['a role of two words', JSON.stringify({ shutdownAfterIdle: [{ role: 'a b', tool: 'Bash' }] })],
  ['a tool that is a pattern', JSON.stringify({ shutdownAfterIdle: [{ role: 'a', tool: '.*' }] })],
  ['no tool', JSON.stringify({ shutdownAfterIdle: [{ role: 'a' }] })],
  [
    'a pattern that is none',
    JSON.stringify({ shutdownAfterIdle: [{ role: 'a', tool: 'Bash', successPattern: '(' }] }),
  ],
])(
  'with settings that cannot be read (%s) it writes nothing, and uninstalls all the same',
  (_, text) => {
    const { place, run } = machine();
    handsOff(place, [{ role: 'intake', tool: 'Bash' }]);
    run('install');
    const before = settings(place, 'claude');
    handsOff(place, text);
    for (const refused of [run('install'), run('migrate')]) {
      expect(refused.status).toBe(1);
      expect(refused.stdout + refused.stderr).toContain('config.json');
    }
    expect(run('doctor').stdout).toContain('config.json');
    expect(settings(place, 'claude')).toBe(before);
    expect(run('uninstall').status).toBe(0);
    expect(settings(place, 'claude')).not.toContain('stopgate');
  },
);

it("takes no rule from a project's settings", () => {
  const { place, run } = machine();
  const rules = { shutdownAfterIdle: [{ role: 'intake', tool: 'Bash' }] };
  writeFileSync(join(place.project, 'stopgate.config.json'), JSON.stringify(rules));
  run('install');
  expect(postToolUse(place, 'claude')).toBeUndefined();
});
