import * as z from 'zod/mini';
import { agentProcess, paneStamp } from '../owner/stamp.ts';
import type { Versioned } from '../state/json-file.ts';
import { lazy } from '../state/lazy.ts';
import { release, retention } from './retention.ts';

/** A tmux session that `stopgate run --tmux` started, `runtime/launches/<mark>.json`. Unknown keys are kept. */
const launchSchema = lazy(() =>
  z.looseObject({
    schema: z.literal(1),
    mark: z.string(),
    pane: paneStamp,
    /** What tmux started in the pane: `stopgate run`, which lives as long as its command does. */
    process: agentProcess,
    command: z.array(z.string()),
    cwd: z.string(),
    role: z.nullable(z.string()),
    machine: z.string(),
    startedAt: z.string(),
    retained: z.optional(z.nullable(retention())),
    released: z.optional(z.nullable(release())),
  }),
);

export type Launch = z.infer<ReturnType<typeof launchSchema>>;

export const AS_LAUNCH: Versioned<Launch> = { version: 1, schema: launchSchema };
