/** One hook that we want a host to run: exactly one handler of ours for this event. */
export interface Entry {
  readonly event: string;
  readonly matcher?: string;
  readonly command: string;
  /** Seconds, as both hosts count them. */
  readonly timeout: number;
}

/** What a host accepts in its settings file, beyond strict JSON. */
export interface HostRules {
  readonly name: string;
  /** False: the host drops a file that starts with a byte order mark. */
  readonly bom: boolean;
  /** The only root keys that the host accepts; null: any. */
  readonly rootKeys: readonly string[] | null;
}

/**
 * What was there before us, so that a removal restores its bytes: for each container that we had to create `null`,
 * for each that was empty the whitespace between its brackets. Keys are `''`, `/hooks`, `/hooks/<Event>`.
 */
export interface Origin {
  readonly containers: Readonly<Record<string, string | null>>;
  /** The bytes of a file that held no value at all. */
  readonly blank?: string | undefined;
  /** The permission rules that we added. */
  readonly allowed?: Allowed | undefined;
}

/** Permission rules of ours, and what was there before them: as in `Origin`, for `/permissions` and `/permissions/allow`. */
export type Allowed = {
  readonly rules: readonly string[];
  readonly containers: Readonly<Record<string, string | null>>;
};

/** One edit of an entry; of a permission rule where `event` is `permissions.allow` and `command` the rule. */
export interface Change {
  readonly op: 'add' | 'update' | 'remove';
  readonly event: string;
  readonly command: string;
}

export interface Refusal {
  readonly kind: 'refuse';
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly hint: string;
}

export type Plan =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'edit';
      readonly text: string;
      readonly edits: readonly Change[];
      readonly origin: Origin;
    }
  | Refusal;
