import { execa } from 'execa';
import { claude } from './clients.ts';
import type { Scratch } from './scratch.ts';

const quiet = {
  ANTHROPIC_API_KEY: 'sk-ant-dummy',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_ERROR_REPORTING: '1',
};

/** Runs one real `claude -p` session to its end and returns what it streamed. */
export function runClaude(place: Scratch, url: string, prompt: string, extra: string[] = []) {
  const flags = [
    '--output-format',
    'stream-json',
    '--verbose',
    '--allowedTools',
    'Bash(stopgate:*)',
  ];
  return execa(claude, ['-p', prompt, ...flags, ...extra], {
    cwd: place.project,
    env: { ...place.env, ...quiet, ANTHROPIC_BASE_URL: url },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  });
}
