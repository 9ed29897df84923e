import { copilot } from './clients.ts';

/** What makes Copilot talk to the scripted model and to nobody else (docs/hosts.md, Other hosts). */
export function copilotEnv(url: string): Record<string, string> {
  return {
    COPILOT_OFFLINE: 'true',
    COPILOT_PROVIDER_TYPE: 'anthropic',
    COPILOT_PROVIDER_BASE_URL: url,
    COPILOT_PROVIDER_API_KEY: 'x',
    COPILOT_MODEL: 'claude-e2e',
    COPILOT_AUTO_UPDATE: 'false',
  };
}

/** The words that run one session of Copilot to its end, with the hooks of the folder that it is in. */
export function copilotCommand(prompt: string): string[] {
  return [copilot, '-p', prompt, '--allow-all', '--trust-folder'];
}
