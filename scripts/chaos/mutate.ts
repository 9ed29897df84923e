import { randomBytes } from 'node:crypto';
import type { Payload } from './payloads.ts';
import type { Random } from './random.ts';

/** What becomes of a payload on its way. `open` leaves stdin open behind it, `pieces` dribbles it. */
export interface Mutated {
  bytes: Buffer;
  open?: boolean;
  pieces?: number;
}

export type Mutation = (payload: Payload, random: Random) => Mutated;

const MEGABYTE = 1024 * 1024;

/** Wrong values of every type, for any key. */
const WRONG: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1e308,
  () => '',
  () => ' ',
  () => [],
  () => ({}),
  () => [[[[['x']]]]],
  () => ({ id: 'x' }),
  () => 'true',
  () => '\u0000',
  () => 'x\u0000y\u001b[31m\u009b\u202e\r\n',
  () => '\ud800 alone',
  () => '\udfff',
  () => '__proto__',
  () => 'constructor',
  () => 'x'.repeat(MEGABYTE),
  () => 'é'.repeat(100_000),
  () => Array.from({ length: 10_000 }, (_, at) => at),
];

/** What may be said of a session, all of it text that could reach a path, a log line or a terminal. */
const SESSIONS: readonly string[] = [
  '../../../../etc/passwd',
  '/etc/passwd',
  '..',
  '.',
  'a/b',
  'a\u0000b',
  'a\nb',
  '\u001b]0;x\u0007',
  '-rf',
  '$(touch pwned)',
  '`touch pwned`',
  "'; touch pwned; '",
  '*',
  '__proto__',
  'constructor',
  'ünïcödé',
  '\ud800',
  'x'.repeat(300),
  'x'.repeat(4000),
  'x'.repeat(3_900_000),
  'CON',
  'a.json',
];

const PLACES: readonly string[] = [
  '',
  'relative',
  '/nonexistent',
  '/dev/zero',
  '/dev/null/x',
  '/proc/self/fd/0',
  '/proc/self/root/proc/self/root',
  `/${'a/'.repeat(20_000)}`,
  `/${'../'.repeat(20_000)}`,
  `/${'x'.repeat(5_000)}`,
  '/tmp/\u0000',
  '//',
  '~',
];

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
const plain = (bytes: Buffer): Mutated => ({ bytes });

/** Every kind of change, by name. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'as it is': (payload) => plain(json(payload)),
  'a wrong value': (payload, random) => {
    const key = random.pick(Object.keys(payload));
    return plain(json({ ...payload, [key]: random.pick(WRONG)() }));
  },
  'several wrong values': (payload, random) => {
    const next = { ...payload };
    for (const key of Object.keys(next)) if (random.chance(0.4)) next[key] = random.pick(WRONG)();
    return plain(json(next));
  },
  'a missing key': (payload, random) => {
    const { [random.pick(Object.keys(payload))]: _, ...rest } = payload;
    return plain(json(rest));
  },
  'a renamed key': (payload, random) => {
    const key = random.pick(Object.keys(payload));
    const { [key]: value, ...rest } = payload;
    return plain(
      json({ ...rest, [random.pick([key.toUpperCase(), `${key} `, `x${key}`])]: value }),
    );
  },
  'a duplicate key': (payload, random) => {
    const key = random.pick(Object.keys(payload));
    const extra = `${JSON.stringify(key)}:${JSON.stringify(random.pick(WRONG)())}`;
    const text = JSON.stringify(payload);
    const both = random.chance(0.5)
      ? `{${extra},${text.slice(1)}`
      : `${text.slice(0, -1)},${extra}}`;
    return plain(Buffer.from(both));
  },
  'keys of every object': (payload, random) => {
    const names = [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'valueOf',
    ];
    const extra = `${JSON.stringify(random.pick(names))}:${JSON.stringify({ session_id: 'x', agent_id: 'x' })}`;
    return plain(Buffer.from(`{${extra},${JSON.stringify(payload).slice(1)}`));
  },
  'ten thousand more keys': (payload) => {
    const more = Array.from({ length: 10_000 }, (_, at) => [`key ${at}`, at]);
    return plain(json({ ...payload, ...Object.fromEntries(more) }));
  },
  'a session id from hell': (payload, random) =>
    plain(json({ ...payload, session_id: random.pick(SESSIONS) })),
  'a session id that is no text': (payload, random) =>
    plain(
      json({ ...payload, session_id: random.pick<unknown>([1, 1.5, true, null, [], {}, ['x']]) }),
    ),
  'a place from hell': (payload, random) => plain(json({ ...payload, cwd: random.pick(PLACES) })),
  'a transcript from hell': (payload, random) =>
    plain(json({ ...payload, transcript_path: random.pick(PLACES) })),
  'stop_hook_active as text': (payload, random) =>
    plain(
      json({
        ...payload,
        stop_hook_active: random.pick<unknown>(['true', 'false', 1, null, 'yes']),
      }),
    ),
  'background tasks that are none': (payload, random) => {
    const tasks = random.pick<unknown>([
      'none',
      [null],
      [[[]]],
      [{ status: 1 }],
      Array(50_000).fill({}),
    ]);
    return plain(json({ ...payload, background_tasks: tasks, session_crons: tasks }));
  },
  'another event': (payload, random) => {
    const events = [
      'Stop',
      'SubagentStop',
      'SessionStart',
      'SessionEnd',
      'PreToolUse',
      '',
      'stop',
      'x',
    ];
    return plain(json({ ...payload, hook_event_name: random.pick(events) }));
  },
  'the event of a subagent': (payload) =>
    plain(json({ ...payload, agent_id: 'a1', agent_type: 'x' })),
  'deep nesting': (payload, random) => {
    const deep = random.pick(['[', '{"a":']).repeat(random.pick([100, 10_000, 200_000]));
    return plain(Buffer.from(`${JSON.stringify(payload).slice(0, -1)},"x":${deep}`));
  },
  'deep and whole': (payload, random) => {
    const depth = random.pick([100, 5_000, 100_000]);
    const deep = '['.repeat(depth) + ']'.repeat(depth);
    return plain(Buffer.from(`${JSON.stringify(payload).slice(0, -1)},"x":${deep}}`));
  },
  'a huge text': (payload, random) => {
    const size = random.pick([1, 3, 5, 12]) * MEGABYTE;
    const filler = random.pick(['x', '}', '\\u0000', '"'.replace('"', '\\"')]);
    const text = filler.repeat(Math.floor(size / filler.length));
    return plain(Buffer.from(`{"x":"${text}",${JSON.stringify(payload).slice(1)}`));
  },
  'cut off': (payload, random) => {
    const bytes = json(payload);
    return plain(bytes.subarray(0, random.upTo(bytes.length)));
  },
  'cut off behind a sign': (payload, random) => {
    const text = JSON.stringify(payload);
    const sign = random.pick(['{', '"', ':', ',', '[', ']', '\\', 'e', '/', '-']);
    const places = [...text.matchAll(new RegExp(`\\${sign}`, 'g'))].map(({ index }) => index + 1);
    return plain(Buffer.from(text.slice(0, places.length > 0 ? random.pick(places) : 1)));
  },
  'a bit flipped': (payload, random) => {
    const bytes = json(payload);
    for (let times = 1 + random.upTo(5); times > 0; times--) {
      const at = random.upTo(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.upTo(8));
    }
    return plain(bytes);
  },
  'bytes that are no UTF-8': (payload, random) => {
    const bad = [
      [0xff],
      [0xc0, 0x80],
      [0x80],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xe2, 0x82],
    ];
    const bytes = json(payload);
    const at = random.upTo(bytes.length);
    const wrong = Buffer.from(random.pick(bad));
    return plain(Buffer.concat([bytes.subarray(0, at), wrong, bytes.subarray(at)]));
  },
  'a lone surrogate': (payload, random) => {
    const key = random.pick(Object.keys(payload));
    const text = JSON.stringify({ ...payload, [key]: '@' });
    return plain(Buffer.from(text.replace('"@"', String.raw`"\ud83d"`)));
  },
  'a BOM': (payload, random) => {
    const bom = random.pick([
      [0xef, 0xbb, 0xbf],
      [0xff, 0xfe],
      [0xfe, 0xff],
    ]);
    return plain(Buffer.concat([Buffer.from(bom), json(payload)]));
  },
  'UTF-16': (payload) => plain(Buffer.from(JSON.stringify(payload), 'utf16le')),
  'a zero byte': (payload, random) => {
    const bytes = json(payload);
    const at = random.pick([0, random.upTo(bytes.length), bytes.length]);
    return plain(Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1), bytes.subarray(at)]));
  },
  'two objects': (payload) => plain(Buffer.concat([json(payload), json(payload)])),
  'words around it': (payload, random) => {
    const [before, after] = random.pick([
      ['log: ', ''],
      ['', ' done'],
      ['// x\n', ''],
      ['[', ']'],
    ]);
    return plain(
      Buffer.concat([Buffer.from(before ?? ''), json(payload), Buffer.from(after ?? '')]),
    );
  },
  'blanks around it': (payload, random) => {
    const blanks = Buffer.alloc(random.pick([1, 65_535, MEGABYTE]), ' \n\t');
    return plain(Buffer.concat([blanks, json(payload), blanks.subarray(0, 65_535)]));
  },
  'something else than an object': (_, random) =>
    plain(
      Buffer.from(
        random.pick(['', '\n', 'null', '[]', '42', '"x"', '{}', 'true', '{', '}', '{}{}']),
      ),
    ),
  noise: (_, random) => plain(randomBytes(random.pick([1, 100, 70_000]))),
  'no end of stdin': (payload) => ({ bytes: json(payload), open: true }),
  'no end, and not whole': (payload, random) => {
    const bytes = json(payload);
    return { bytes: bytes.subarray(0, random.upTo(bytes.length - 2)), open: true };
  },
  'in pieces': (payload) => ({ bytes: json(payload), pieces: 5 }),
};
