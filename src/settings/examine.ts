import type { z } from 'zod/mini';
import { settingsJsonSchema } from './json-schema.ts';
import {
  projectSettingsPath,
  readJson,
  readSettingsFile,
  unheededIn,
  userSettingsPath,
} from './read.ts';
import { settingsSchema } from './schema.ts';
import { unknownKeys } from './unknown-keys.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What is wrong with one settings file. `counts`: the rest of the file holds nevertheless. */
export interface SettingsProblem {
  path: string;
  what: string;
  counts: boolean;
}

/** What there is of settings here, and everything that is wrong with it. */
export interface SettingsReport {
  found: string[];
  problems: SettingsProblem[];
}

/** Looks at a person's settings and those of a project, more closely than a hook does. */
export function examineSettings(checkout: string, env: Env): SettingsReport {
  const files = [userSettingsPath(env), projectSettingsPath(checkout)];
  const read = files.map((path) => ({ path, file: readJson(path) }));
  const unheeded = unheededIn(
    readSettingsFile(projectSettingsPath(checkout)),
    readSettingsFile(userSettingsPath(env)),
  );
  const problems = read.flatMap(({ path, file }): SettingsProblem[] => {
    if (file.kind === 'missing') return [];
    if (file.kind === 'bad') return [{ path, what: file.why, counts: false }];
    return [
      ...wrongValues(file.value).map((what) => ({ path, what, counts: false })),
      ...strangeKeys(file.value).map((what) => ({ path, what, counts: true })),
    ];
  });
  const found = read.filter(({ file }) => file.kind !== 'missing').map(({ path }) => path);
  for (const what of unheeded) {
    problems.push({ path: projectSettingsPath(checkout), what, counts: true });
  }
  return { found, problems };
}

function wrongValues(value: unknown): string[] {
  const result = settingsSchema().safeParse(value);
  return result.success ? [] : result.error.issues.map(issueText);
}

function issueText(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'the whole'}: ${expectation(issue)}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `should be ${issue.expected}`;
    case 'invalid_value':
      return `should be ${issue.values.join(' or ')}`;
    case 'invalid_union':
      return `should be ${'options' in issue ? issue.options?.join(' or ') : 'of another form'}`;
    case 'too_small':
      return issue.origin === 'string' ? 'is empty' : `should be ${issue.minimum} at least`;
    case 'too_big':
      return `should be ${issue.maximum} at most`;
    case 'invalid_format':
      if (issue.format === 'url') return 'should be an address that begins with http: or https:';
      return issue.pattern ? `should match ${issue.pattern}` : `should be a ${issue.format}`;
    default:
      return issue.message;
  }
}

function strangeKeys(value: unknown): string[] {
  return unknownKeys(value, settingsJsonSchema()).map(({ path, nearest }) =>
    nearest === null ? `${path} is no key` : `${path} is no key; did you mean ${nearest}?`,
  );
}
