import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { trustOwnEntries, trustState } from '../../src/hosts/codex/trust.ts';
import { codexPlace, OURS } from './codex-place.ts';

it('trusts our hooks and nobody else’s, once', async () => {
  const place = codexPlace();
  place.register({ Stop: ['notify-me', OURS], SessionEnd: ['log-it'] });
  const ours = { event: 'Stop', command: OURS };

  expect(await trustState(place)).toMatchObject({
    state: 'untrusted',
    hint: expect.stringContaining('/hooks'),
  });
  expect(existsSync(place.trustFile)).toBe(false);

  expect(await trustOwnEntries(place)).toEqual({
    state: 'trusted',
    hooks: [{ ...ours, state: 'trusted' }],
    why: null,
    hint: null,
  });
  const stored = readFileSync(place.trustFile, 'utf8');
  expect(Object.keys(JSON.parse(stored))).toEqual([`${place.hooksFile}:stop:1:0`]);

  expect(await trustOwnEntries(place)).toMatchObject({ state: 'already', hint: null });
  expect(await trustState(place)).toMatchObject({ state: 'trusted', hint: null });
  expect(readFileSync(place.trustFile, 'utf8')).toBe(stored);
});

it('trusts a changed hook of ours again', async () => {
  const place = codexPlace();
  place.register({ Stop: [OURS] });
  await trustOwnEntries(place);
  place.register({ Stop: [`${OURS} `] });

  expect(await trustState(place)).toMatchObject({ state: 'modified' });
  expect(await trustOwnEntries(place)).toMatchObject({ state: 'trusted' });
});

it('leaves a hook alone that a person disabled', async () => {
  const place = codexPlace();
  place.register({ Stop: [OURS] });
  const choice = JSON.stringify({ [`${place.hooksFile}:stop:0:0`]: { enabled: false } });
  writeFileSync(place.trustFile, choice);

  expect(await trustOwnEntries(place)).toMatchObject({ state: 'disabled' });
  expect(readFileSync(place.trustFile, 'utf8')).toBe(choice);
});

it('says why, when Codex drops the file', async () => {
  const place = codexPlace();
  writeFileSync(place.hooksFile, '{ "hooks": { } } // mine');

  expect(await trustOwnEntries(place)).toMatchObject({
    state: 'unparsable',
    why: expect.stringContaining(place.hooksFile),
  });
});

it('says so, when Codex loads no hook of ours', async () => {
  const place = codexPlace();
  place.register({ Stop: ['notify-me'] });

  expect(await trustOwnEntries(place)).toMatchObject({ state: 'not-listed', hooks: [] });
  expect(existsSync(place.trustFile)).toBe(false);
});

it('does not start Codex where there is no hooks file', async () => {
  const place = codexPlace();

  expect(await trustState(place)).toMatchObject({ state: 'not-listed' });
  expect(readdirSync(place.home)).toEqual([]);
});

it('believes only what Codex lists afterwards', async () => {
  const place = codexPlace('forgets');
  place.register({ Stop: [OURS] });

  expect(await trustOwnEntries(place)).toMatchObject({
    state: 'untrusted',
    hint: expect.stringContaining('/hooks'),
  });
});

it('reports what Codex refused', async () => {
  const place = codexPlace('refuses');
  place.register({ Stop: [OURS] });

  expect(await trustOwnEntries(place)).toMatchObject({
    state: 'failed',
    why: 'codex app-server refused config/batchWrite: config.toml is read-only.',
  });
});

it('reports that there is no Codex', async () => {
  const place = codexPlace();
  place.register({ Stop: [OURS] });
  const env = { ...place.env, PATH: place.home };

  expect(await trustOwnEntries({ ...place, env })).toMatchObject({
    state: 'no-codex',
    hint: expect.stringContaining('/hooks'),
  });
});
