import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from '../support/fixture.ts';
import { host } from '../support/host.ts';
import { gateRecords } from '../support/state-files.ts';

/** An agent whose small build was held once, and let go by the hour. */
async function held() {
  const place = scratch();
  const agent = host(place, 'first-session');
  await agent.tool('stopgate build start "port the parser"');
  writeFileSync(join(place.project, 'stopgate.config.json'), '{"budget":{"perHour":1}}');
  await agent.stop();
  await agent.stop();
  return { place, agent };
}

it('lists decisions with their ids, as a table and for programs', async () => {
  const { place, agent } = await held();
  const [block, release] = gateRecords(place);
  const { stdout } = await agent.tool('stopgate gate log');
  expect(stdout.split('\n')[1]).toMatch(/claude +first-se +block unfinished +port-the-parser/);
  expect(stdout.split('\n')[2]).toMatch(/approve capped +block unfinished/);
  expect(stdout).toContain(block?.id);

  const json = await agent.tool('stopgate gate log --since 2h --session first --json');
  expect(JSON.parse(json.stdout)).toMatchObject([
    { id: block?.id, mode: { build: 'enforce' }, steps: { build: expect.any(Number) } },
    { id: release?.id, bound: 'hour', would: { verdict: 'block' }, annotation: null },
  ]);
  const one = await agent.tool('stopgate gate log --limit 1 --json');
  expect(JSON.parse(one.stdout)).toMatchObject([{ id: release?.id }]);
  const none = await agent.tool('stopgate gate log --session nobody');
  expect(none).toMatchObject({ code: 0, stdout: expect.stringContaining('no decision like that') });
});

it('keeps what a person says of a decision, and sums it up', async () => {
  const { place, agent } = await held();
  const { id = '' } = gateRecords(place)[0] ?? {};
  await agent.tool(`stopgate gate annotate ${id} correct`);
  const said = await agent.tool(`stopgate gate annotate ${id} incorrect --note "it was done"`);
  expect(said).toMatchObject({ code: 0, stdout: `${id} (block unfinished): incorrect\n` });
  expect(readFileSync(place.paths.annotations, 'utf8').split('\n')).toHaveLength(3);
  for (const path of [place.paths.annotations, place.paths.gateLog])
    expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await agent.tool('stopgate gate log')).stdout).toContain('incorrect: it was done');

  const { stdout } = await agent.tool('stopgate gate report');
  expect(stdout).toMatch(/^blocks +1 \(unfinished 1\)$/m);
  expect(stdout).toMatch(/^releases +1 \(capped 1\)$/m);
  expect(stdout).toMatch(/^caps +1 \(hour 1\)$/m);
  expect(stdout).toMatch(/^whole +2 +\d+ +\d+ +\d+$/m);
  const json = await agent.tool('stopgate gate report --since 1d --json');
  expect(JSON.parse(json.stdout)).toMatchObject({ decisions: 2, annotations: { incorrect: 1 } });
});

it.each([
  ['gate annotate nosuchid correct', 1, 'no decision "nosuchid"'],
  ['gate annotate nosuchid right', 2, 'correct, incorrect, unclear'],
  ['gate log --since 5', 2, 'a whole number above 0 and a unit'],
  ['gate log --limit 0', 2, 'above 0'],
  ['gate mode loud', 2, 'off, shadow, enforce, default'],
  ['gate kill', 2, 'state'],
])('refuses: stopgate %s', async (command, code, words) => {
  const { agent } = await held();
  const ran = await agent.tool(`stopgate ${command}`);
  expect(ran).toMatchObject({ code, stderr: expect.stringContaining(words) });
});

it('nothing that was logged can do anything to a terminal', async () => {
  const { place, agent } = await held();
  const evil = 'a\u001b]0;owned\u0007\u009b31m\u202eb\nc';
  const record = { at: new Date().toISOString(), id: 'evil', session: evil, error: evil };
  const more = { verdict: evil, cause: evil, rule: { x: evil }, would: { verdict: evil } };
  appendFileSync(place.paths.gateLog, `${JSON.stringify({ ...record, ...more, build: evil })}\n`);
  await agent.tool('stopgate gate annotate evil unclear --note "$(printf "\\033[2Jx")"');
  for (const command of ['gate log', 'gate log --json', 'gate report', 'gate report --json']) {
    const { stdout, code } = await agent.tool(`stopgate ${command}`);
    expect(code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    if (!command.endsWith('json')) expect(stdout).not.toContain('\u202e');
  }
});
