import { oneLine } from '../build/line.ts';
import { stepsText } from '../build/reason.ts';
import type { Build } from '../build/schema.ts';

/** What an owner is told when it starts, resumes, clears or compacts: which build is open, and what it may do. */
export function ownerContext(build: Build, inherited: boolean): string {
  const how = inherited
    ? 'inherited from an earlier session in this place'
    : 'started by this session';
  const paused =
    build.phase === 'paused' ? ` It is paused: ${oneLine(build.pauseReason ?? '', 200)}.` : '';
  return [
    `stopgate: this session owns the unfinished build ${build.id} (${how}).`,
    `Task: ${oneLine(build.task, 300)}`,
    `Phase: ${build.phase}.${paused} ${stepsText(build)}`,
    'See it with: stopgate build status. Go on with it, or give it up with: stopgate build release.',
  ].join('\n');
}
