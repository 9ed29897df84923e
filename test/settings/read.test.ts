import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../../src/settings/read.ts';
import { scratchDir } from '../build/scratch.ts';

const RULES = { authority: { kind: 'rules' } };
const COMMAND = { authority: { kind: 'command', command: 'x' } };

it.each<[string, object, object, object, RegExp[]]>([
  ['nothing of a project', { logPreviews: true }, {}, { logPreviews: true }, []],
  ['a switch that it turns on', {}, { checksOnStop: true }, {}, [/checksOnStop counts/]],
  [
    'one that is on already',
    { checksOnStop: true, logPreviews: true },
    { checksOnStop: true },
    { checksOnStop: true, logPreviews: true },
    [],
  ],
  [
    'a switch that it turns off',
    { checksOnStop: true, logPreviews: true },
    { checksOnStop: false, logPreviews: false },
    { checksOnStop: false, logPreviews: false },
    [],
  ],
  ['more that is kept', {}, { logPreviews: true }, {}, [/logPreviews counts/]],
  ['work that is not waited for', {}, { ignoreBackground: ['b'] }, {}, [/ignoreBackground counts/]],
  [
    'work that nobody here waits for anyway',
    { ignoreBackground: ['a', 'b'] },
    { ignoreBackground: ['b'] },
    { ignoreBackground: ['a', 'b'] },
    [],
  ],
  [
    'smaller budgets',
    { budget: { small: 2, perHour: 9 } },
    { budget: { small: 1, standard: 4, perHour: 3 } },
    { budget: { small: 1, standard: 4, perHour: 3 } },
    [],
  ],
  [
    'larger budgets',
    { budget: { small: 2 } },
    { budget: { small: 3, large: 11, perHour: 1000 } },
    { budget: { small: 2, large: 10, perHour: 20 } },
    [/budget\.small 3: .* the 2/, /budget\.large 11: .* the 10/, /budget\.perHour 1000: .* the 20/],
  ],
  ['an authority', {}, RULES, {}, [/authority\.kind rules counts/]],
  ['an authority that is set already', RULES, RULES, RULES, []],
  ['another authority', COMMAND, RULES, COMMAND, [/authority\.kind rules counts/]],
  ['a program', RULES, COMMAND, RULES, [/authority\.kind command counts/]],
  [
    'an end of sessions',
    {},
    { shutdownAfterIdle: [{ role: 'intake', tool: 'Bash' }] },
    {},
    [/shutdownAfterIdle counts/],
  ],
])("a project's settings may only lower a person's: %s", (_, user, project, expected, told) => {
  const root = scratchDir();
  mkdirSync(join(root, 'stopgate'));
  writeFileSync(join(root, 'stopgate', 'config.json'), JSON.stringify(user));
  writeFileSync(join(root, 'stopgate.config.json'), JSON.stringify(project));
  const { settings, problems } = readSettings(root, { XDG_CONFIG_HOME: root });
  const { budget, ...others } = settings;
  const { budget: wanted = {}, ...rest } = expected as { budget?: object };
  expect(others).toEqual(rest);
  expect(budget).toEqual(wanted);
  expect(problems).toEqual(told.map((text) => expect.stringMatching(text)));
});
