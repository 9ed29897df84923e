#!/usr/bin/env node
// Plays `codex app-server` as far as hooks go: it lists the user's hooks.json with trust by position and definition.
// FAKE_CODEX=silent|quits|noisy|refuses|forgets makes it misbehave.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const mood = process.env.FAKE_CODEX ?? '';
const home = process.env.CODEX_HOME;
const hooksFile = join(home, 'hooks.json');
const trustFile = join(home, 'trust.json');
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});

writeFileSync(join(home, 'pid'), String(process.pid));
if (mood === 'quits') process.exit(3);
const input = createInterface({ input: process.stdin });
if (mood !== 'silent') input.on('line', (line) => answer(JSON.parse(line)));
if (mood === 'silent') setInterval(() => {}, 1000);

function answer({ id, method, params }) {
  if (id === undefined) return;
  if (mood === 'noisy')
    process.stdout.write('not json\nnull\n{"id":99,"result":{}}\n{"method":"x"}\n');
  if (mood === 'refuses' && method === 'config/batchWrite') {
    return say({ id, error: { code: -1, message: 'config.toml is read-only' } });
  }
  say({ id, result: results[method](params) });
}

const results = {
  initialize: () => ({}),
  'hooks/list': ({ cwds }) => ({ data: cwds.map((cwd) => ({ cwd, errors: [], ...list() })) }),
  'config/batchWrite'({ edits }) {
    const trust = read(trustFile);
    for (const { keyPath, value, mergeStrategy } of edits) {
      const key = /^hooks\.state\.(".*")$/.exec(keyPath)?.[1];
      if (key !== undefined && value === null) delete trust[JSON.parse(key)];
      else if (mergeStrategy === 'upsert' && keyPath === 'hooks.state') {
        for (const [name, state] of Object.entries(value))
          trust[name] = { ...trust[name], ...state };
      }
    }
    if (mood !== 'forgets') writeFileSync(trustFile, JSON.stringify(trust));
    return { status: 'ok' };
  },
};

function list() {
  const trust = read(trustFile);
  try {
    const events = Object.entries(read(hooksFile).hooks ?? {});
    return {
      warnings: [],
      hooks: events.flatMap(([event, groups]) => inEvent(event, groups, trust)),
    };
  } catch (error) {
    return { warnings: [`failed to parse hooks config ${hooksFile}: ${error.message}`], hooks: [] };
  }
}

function inEvent(event, groups, trust) {
  return groups.flatMap((group, g) =>
    group.hooks.map((handler, h) => {
      const key = `${hooksFile}:${event.toLowerCase()}:${g}:${h}`;
      const currentHash = createHash('sha256')
        .update(event + JSON.stringify(handler))
        .digest('hex');
      const { trusted_hash: hash, enabled = true } = trust[key] ?? {};
      const known = hash === currentHash ? 'trusted' : 'modified';
      const trustStatus = hash === undefined ? 'untrusted' : known;
      const { command } = handler;
      return {
        key,
        eventName: event,
        command,
        sourcePath: hooksFile,
        enabled,
        currentHash,
        trustStatus,
      };
    }),
  );
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
