// @module-tag smoke
import { expect, it } from 'vitest';
import { claudeWire } from './support/claude-wire.ts';
import { codexWire } from './support/codex-wire.ts';
import { inOrder, startModelServer, type Wire } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { configureCodex, runCodex } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { stopgate } from './support/stopgate.ts';
import { git } from './support/worktree.ts';

const DESCRIPTIONS = [
  'Carry out a piece of work as a stopgate build',
  'Clean up after a task - find',
];

it.each(['user', 'project'])(
  'Claude Code offers the skills of scope %s to its model',
  async (scope) => {
    const place = scratch();
    await git(place, place.project, 'init', '--quiet');
    await stopgate(place, 'install', '--scope', scope, '--skills');
    const { wire, bodies } = recorded(claudeWire);
    const model = await startModelServer(wire, inOrder([{ say: 'Hello.' }]));
    await runClaude(place, model.url, 'Just say hello');
    for (const text of DESCRIPTIONS) expect(bodies.some((body) => body.includes(text))).toBe(true);
  },
);

it.each(['user', 'project'])('Codex offers the skills of scope %s to its model', async (scope) => {
  const place = scratch();
  await git(place, place.project, 'init', '--quiet');
  await stopgate(place, 'install', '--host', 'codex', '--scope', scope, '--skills');
  const { wire, bodies } = recorded(codexWire);
  const model = await startModelServer(wire, inOrder([{ say: 'Hello.' }]));
  configureCodex(place, model.url);
  await runCodex(place, 'Just say hello');
  for (const text of DESCRIPTIONS) expect(bodies.some((body) => body.includes(text))).toBe(true);
});

/** The wire, and all that came over it. */
function recorded(wire: Wire): { wire: Wire; bodies: string[] } {
  const bodies: string[] = [];
  return {
    bodies,
    wire: {
      ...wire,
      read(request, body) {
        bodies.push(body);
        return wire.read(request, body);
      },
    },
  };
}
