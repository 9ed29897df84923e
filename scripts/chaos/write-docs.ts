import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../test/support/scratch.ts';
import { ATTACKS } from './attacks.ts';
import type { Outcome, Report } from './report.ts';

/** Writes docs/reliability.md from a run. The text around the figures is here too: the page has one source. */
export function writeDocs(report: Report): void {
  writeFileSync(join(packageRoot, 'docs/reliability.md'), pageOf(report));
}

/** The page for a report. */
export function pageOf(report: Report): string {
  const { version, node, platform, at, seconds, seed, attacks } = report;
  const minutes = Math.max(1, Math.round(seconds / 60));
  const defects = attacks.reduce((sum, one) => sum + one.defects.length, 0);
  return `# Reliability

\`npm run chaos\` packs stopgate, installs the package in scratch homes, and attacks it there: through the command that
is registered with the host, run by the shell that the host uses, with the Node that \`install\` recorded. This page is
written by \`npm run chaos -- --write-docs\`.

Last run: ${at.slice(0, 10)}, stopgate ${version}, Node ${node}, ${platform}, ${minutes} minutes, seed ${seed}.
**${defects === 0 ? 'Nothing was lost, and nobody was held who should not be.' : `Kinds of defect that were found: ${defects}.`}**

| attack | what it does | tried | counted | defects |
|---|---|---:|---|---:|
${attacks.map(rowOf).join('\n')}

## What has to hold

For every call of a hook:

- It ends with exit code 0 before the host's timeout, and stdout is exactly one JSON object that this host accepts.
- Only a session that owns an open, readable build is held, and each block it is given is counted in that build.
- Nothing of anybody else changes by a byte: no other build, session record, setting or file of the project.
- It writes at most one log record, leaves no process running and takes less than 600 MB.
- Once the fault is gone, the owner is held again and its build is what it was.

For every command that is killed or meets an error:

- Each build, session record, gate setting and settings file is the old one or the new one, never less.
- The command fails with exit code 1 and a message that says what happened, without a stack trace.
- The same command, another command, and the owner's next stop work afterwards. No lock stays for good.

A launcher that cannot start anything, or that was damaged itself, may stay silent with exit code 0: both hosts take that
as an approval.

## What is not tried

- Kill and error are injected at the calls that touch files of the state, the installation and the settings, that start
  a process, or that speak. Calls by which Node starts, loads its modules or gets memory are not struck one by one; there
  the attack \`limits\` takes away processes, descriptors and memory.
- A power cut. Files are written to a new name, synced and renamed; what a disk does with that is not tested here.
- The real clients. \`npm run test:e2e\` runs them.

## Running it

| command | what it does |
|---|---|
| \`npm run chaos\` | every attack, 20 minutes |
| \`npm run chaos -- --minutes 60\` | more of each |
| \`npm run chaos -- --only ${ATTACKS[0]?.name}\` | one attack |
| \`npm run chaos -- --short\` | a sample under a minute; \`npm test\` runs it too |
| \`npm run chaos -- --seed N --case TEXT\` | the same cases again |

It needs Linux; \`strace\`, \`tmux\` and \`unshare\` are used where they are there. A defect is printed with the command that plays
it again, and the exit code is 1.
`;
}

function rowOf({ name, title, skipped, counts, defects }: Outcome): string {
  const { tried = 0, 'cases there are': all = 0, ...others } = counts;
  const seen = Object.entries(others).map(([what, times]) => `${what}: ${spaced(times)}`);
  const of = all > tried ? `${spaced(tried)} of ${spaced(all)}` : spaced(tried);
  const counted = skipped === null ? seen.join('; ') : `not run: ${skipped}`;
  return `| ${name} | ${title} | ${of} | ${counted} | ${defects.length} |`;
}

/** 12,345 */
function spaced(count: number): string {
  return count.toLocaleString('en-US');
}
