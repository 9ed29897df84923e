import type { Applied } from '../config/apply.ts';
import type { InstallReport } from '../config/install.ts';
import type { KeptTrust } from '../hosts/codex/keep-trust.ts';
import type { Line } from './print.ts';

/** What became of a settings file, with its difference. */
export function settingsLines(settings: Applied, dryRun: boolean): Line[] {
  if (settings.kind === 'unchanged') return [`unchanged  ${settings.target}`];
  return [`${wrote(dryRun)}  ${settings.target}`, '', ...coloured(settings.diff), ''];
}

/** What was kept of our own files that somebody had changed. */
export function editedLines({
  edited,
  others,
}: Pick<InstallReport, 'edited' | 'others'>): string[] {
  return [
    ...edited.map((path) => `kept  ${path}: what had been changed in the file without this ending`),
    ...others.map((path) => `kept  ${path}: it is not stopgate's, so its skill was not added`),
  ];
}

/** What a person has to know where Codex lost its trust in hooks of theirs. */
export function keptTrustLines(kept: KeptTrust | null | undefined): string[] {
  if (!kept || kept.state === 'kept') return [];
  const why = kept.why ? ` (${kept.why})` : '';
  return [`Codex may ask to trust your own hooks again: type /hooks in Codex${why}`];
}

export function wrote(dryRun: boolean): string {
  return dryRun ? 'would write' : 'wrote';
}

function coloured(diff: string): Line[] {
  return diff
    .trimEnd()
    .split('\n')
    .map((text) => {
      if (text.startsWith('+')) return [{ colour: 'green', text }];
      return text.startsWith('-') ? [{ colour: 'red', text }] : text;
    });
}
