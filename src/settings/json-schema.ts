import * as z from 'zod/mini';
import { settingsSchema } from './schema.ts';

/** As much of JSON Schema as ours uses. */
export interface JsonSchema {
  type?: string;
  description?: string;
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  [keyword: string]: unknown;
}

/** What an editor shows of each key, by its path; docs/settings.md says more. */
const DESCRIPTIONS: Record<string, string> = {
  $schema: 'Where this schema is, for editors.',
  authority:
    "Who judges the stops that no build covers; nobody unless it is set. Only in a person's own settings.",
  'authority.kind': 'rules: from evidence, without a model. command, http: yours.',
  'authority.command': 'A command line; it gets the stop as JSON on stdin and answers with JSON.',
  'authority.url': 'An endpoint; it gets the stop as JSON and answers with JSON.',
  checksOnStop:
    "Run a build's --check commands when its owner stops, in the sandbox of its session. A project may only switch it off.",
  budget: 'How often an agent may be held. A project may only lower it.',
  'budget.small': 'Reminders for a small build.',
  'budget.standard': 'Reminders for a standard build.',
  'budget.large': 'Reminders for a large build.',
  'budget.perHour': 'Blocks of one session in an hour, over all its builds and the authority.',
  ignoreBackground:
    "Background commands that never end, by any text in them: a session does not wait for these. Only in a person's own settings.",
  shutdownAfterIdle:
    "Which tool of which role hands off: its session ends once it is idle. Only in a person's own settings.",
  'shutdownAfterIdle.role': 'A role of `stopgate run`.',
  'shutdownAfterIdle.tool': 'The tool as the host calls it, such as mcp__server__tool.',
  'shutdownAfterIdle.host': 'Both hosts unless it is set.',
  'shutdownAfterIdle.successPattern':
    'A regular expression that the output of the tool must match.',
  'shutdownAfterIdle.kill': 'End by SIGKILL what a clean end does not.',
  logPreviews:
    "Keep the first 200 characters of an agent's last message in the log. A project may only switch it off.",
};

/** The schema of a settings file, for editors: made from the one that files are read with, unknown keys marked wrong. */
export function settingsJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(settingsSchema(), {
    io: 'input',
    override: ({ jsonSchema }) => {
      const rest = jsonSchema.additionalProperties;
      if (typeof rest === 'object' && Object.keys(rest).length === 0)
        jsonSchema.additionalProperties = false;
    },
  }) as JsonSchema;
  const { $schema, ...body } = worded(schema, '');
  return { $schema, title: 'stopgate settings', ...body };
}

/** Where a value of this schema may have keys: the schema itself, or the alternatives it is one of. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  return schema.oneOf ?? schema.anyOf ?? [schema];
}

/** A value with its words, and everything in it with its own. */
function worded(schema: JsonSchema, path: string): JsonSchema {
  const description = DESCRIPTIONS[path];
  return { ...(description ? { description } : {}), ...inside(schema, path) };
}

function inside(schema: JsonSchema, path: string): JsonSchema {
  const { oneOf, properties, items } = schema;
  const keys = Object.entries(properties ?? {}).map(([key, value]) => [
    key,
    worded(value, path === '' ? key : `${path}.${key}`),
  ]);
  return {
    ...schema,
    ...(oneOf ? { oneOf: oneOf.map((one) => inside(one, path)) } : {}),
    ...(items ? { items: inside(items, path) } : {}),
    ...(properties ? { properties: Object.fromEntries(keys) } : {}),
  };
}
