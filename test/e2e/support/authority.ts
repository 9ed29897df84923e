import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Scratch } from './scratch.ts';
import { stopgate } from './stopgate.ts';

/** What an agent says that breaks off in the middle: the `rules` hold it where git shows an open item. */
export const GOES_ON = 'Step 1 is in. Moving on to step 2.';

/** What holds it, as the model receives it. */
export const REMINDER = /stopgate: you said that you go on, and 1 item is open in "PLAN\.md"/;

/** An answer that holds, if git bears it out. */
export const CONTINUE = JSON.stringify({
  decision: 'continue',
  rule: 'plan-next-step-open',
  pointers: ['PLAN.md'],
});

/** Settings and mode as a person sets them, in a project under git. */
export async function useAuthority(
  place: Scratch,
  authority: object,
  mode: 'shadow' | 'enforce',
): Promise<void> {
  await useSettings(place, { authority });
  await stopgate(place, 'gate', 'mode', mode);
  await execa('git', ['init', '-q'], { cwd: place.project, env: place.env, extendEnv: false });
}

/** A person's own settings. */
export async function useSettings(place: Scratch, settings: object): Promise<void> {
  const folder = join(place.home, '.config/stopgate');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));
}

/** What the agent does before it breaks off: a plan of this session with an open item. */
export function writePlan(place: Scratch): void {
  writeFileSync(join(place.project, 'PLAN.md'), '- [x] one\n- [ ] two\n');
}

/** A program that a test can change between two stops; it notes each time that it is asked. */
export function judgeProgram(place: Scratch) {
  const file = join(place.root, 'judge.sh');
  const asked = join(place.root, 'asked');
  writeFileSync(asked, '');
  return {
    authority: { kind: 'command', command: `echo . >>'${asked}'; . '${file}'` },
    asked,
    becomes: (script: string) => writeFileSync(file, `${script}\n`),
  };
}
