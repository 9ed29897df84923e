import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { claudeWire } from './support/claude-wire.ts';
import { inOrder, startModelServer } from './support/model-server.ts';
import { runClaude } from './support/run-claude.ts';
import { codexWithStop, runCodex } from './support/run-codex.ts';
import { scratch } from './support/scratch.ts';
import { installHook } from './support/stopgate.ts';

/** More than any pipe or socket buffers, so that the write of it breaks when the launcher leaves it unread. */
const LONG = 'x'.repeat(400_000);

it('Claude Code does not mind that the launcher leaves its payload unread', async () => {
  const place = scratch();
  await installHook(place);
  const model = await startModelServer(claudeWire, inOrder([{ say: LONG }]));
  await runClaude(place, model.url, 'Say something long');
  const transcripts = `cat "${place.claudeConfig}"/projects/*/*.jsonl`;
  const entries = execFileSync('/bin/sh', ['-c', transcripts], { encoding: 'utf8' });
  const stop = entries
    .split('\n')
    .filter((line) => line.includes('"hookEvent":"Stop"'))
    .map((line) => JSON.parse(line).attachment);
  expect(stop).toMatchObject([{ type: 'hook_success', stderr: '', exitCode: 0 }]);
});

it('Codex does not mind it either', async () => {
  const { place } = await codexWithStop(inOrder([{ say: LONG }]));
  const { stderr, exitCode } = await runCodex(place, 'Say something long');
  expect(exitCode).toBe(0);
  expect(stderr).toContain('hook: Stop Completed');
});
