import { join } from 'node:path';
import { oneLine } from '../build/line.ts';
import { packageRoot } from '../config/launcher.ts';
import { readText, STATE_BYTES } from '../state/read-file.ts';

/** What an agent in a cleanup pane is told: the text of the cleanup skill, and the task as one quoted line. */
export function cleanupPrompt(task: string): string {
  const path = join(packageRoot(), 'templates', 'skills', 'task-cleanup', 'SKILL.md');
  const [, , ...body] = readText(path, STATE_BYTES).split(/^---\n/m);
  return `${body.join('---\n').trim()}\n\nThe task: ${JSON.stringify(oneLine(task, 500))}`;
}
