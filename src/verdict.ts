/** Why a gate decided as it did (docs/status.md). */
export type ApproveCause =
  | 'inactive'
  | 'terminal'
  | 'paused'
  | 'unowned'
  | 'foreign'
  | 'unknown-identity'
  | 'other-host'
  | 'waiting'
  | 'capped'
  | 'disabled'
  | 'error';

export type BlockCause = 'unfinished' | 'check-failed' | 'authority';

/** What a gate decides. `reason` goes to the model, `systemMessage` to the person. */
export type Verdict =
  | { decision: 'approve'; cause: ApproveCause; systemMessage?: string }
  | { decision: 'block'; cause: BlockCause; reason: string };
