import { realpathSync } from 'node:fs';
import * as z from 'zod/mini';
import { StopgateError } from '../../errors.ts';
import type { AppServer } from './app-server.ts';

const HookSchema = z.looseObject({
  /** Where it stands: file, event, group, handler. Trust is stored under it. */
  key: z.string(),
  eventName: z.string(),
  /** Absent for handlers that are no commands. */
  command: z.nullish(z.string()),
  sourcePath: z.string(),
  enabled: z.boolean(),
  currentHash: z.string(),
  /** trusted, untrusted, modified, managed. */
  trustStatus: z.string(),
});

const ListSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      hooks: z.array(HookSchema),
      warnings: z.array(z.string()),
      errors: z.array(z.looseObject({ path: z.string(), message: z.string() })),
    }),
  ),
});

/** One hook as Codex sees it. */
export type ListedHook = z.infer<typeof HookSchema>;

export interface HookList {
  /** Of the file that was asked for, in Codex's order. */
  readonly hooks: readonly ListedHook[];
  /** Why Codex dropped that file, or cannot read its own settings; null when it did neither. */
  readonly problem: string | null;
}

/** What Codex loads from one hooks file in sessions that start in `cwd`. */
export async function listHooks(
  server: AppServer,
  cwd: string,
  hooksFile: string,
): Promise<HookList> {
  const parsed = ListSchema.safeParse(await server.call('hooks/list', { cwds: [cwd] }));
  if (!parsed.success) {
    throw new StopgateError('codex-failed', 'codex app-server listed hooks in an unknown shape.', {
      hint: 'Open Codex and look at /hooks.',
      cause: parsed.error,
    });
  }
  const { data } = parsed.data;
  const file = realOf(hooksFile);
  const warnings = data.flatMap((entry) => entry.warnings);
  const dropped = warnings.find((text) => text.includes(hooksFile) || text.includes(file));
  const failed = data.flatMap((entry) => entry.errors)[0];
  return {
    hooks: data.flatMap((entry) => entry.hooks).filter((hook) => realOf(hook.sourcePath) === file),
    problem: dropped ?? failed?.message ?? null,
  };
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
