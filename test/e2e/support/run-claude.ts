import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { claude } from './clients.ts';
import type { Scratch } from './scratch.ts';

const KEY = 'sk-ant-dummy-key-of-the-end-to-end-tests';

/** What makes Claude Code talk to the scripted model and to nobody else. */
export function claudeEnv(url: string) {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
  };
}

/** Answers the questions that interactive Claude Code asks at its first start. */
export function configureClaude(place: Scratch, ...more: string[]): void {
  const settled = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    lastOnboardingVersion: '2.1.329',
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    projects: Object.fromEntries(
      [place.project, ...more].map((dir) => [dir, { hasTrustDialogAccepted: true }]),
    ),
  };
  writeFileSync(join(place.claudeConfig, '.claude.json'), JSON.stringify(settled));
}

/** Runs one real `claude -p` session to its end and returns what it streamed. */
export function runClaude(place: Scratch, url: string, prompt: string, extra: string[] = []) {
  return runClaudeAsking(place, url, prompt, ['--allowedTools', 'Bash(stopgate:*)', ...extra]);
}

/** The same, without a permission that the settings don't give: nobody is there to be asked. */
export function runClaudeAsking(place: Scratch, url: string, prompt: string, extra: string[] = []) {
  const flags = ['--output-format', 'stream-json', '--verbose'];
  return execa(claude, ['-p', prompt, ...flags, ...extra], {
    cwd: place.project,
    env: { ...place.env, ...claudeEnv(url) },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  });
}
