import { expect, it } from 'vitest';
import { parseLists } from '../../src/tmux/lists.ts';
import { parseMarks } from '../../src/tmux/own-marks.ts';

const LINES = [
  'V\t12\t1700',
  'S\t$0\t1701\t1\tgrp\t\twork',
  'S\t$3\t1702\t0\t\t1\ta b',
  'P\t$0\t%0\t55\t0\t\t1703\t',
  'P\t$3\t%14\t56\t1\t127\t1704\tsg-0123456789abcdef',
  'C\t$0\t57\t1705',
  'END',
];
const answer = (change: (lines: string[]) => string[] = (lines) => lines) =>
  `${change(LINES).join('\n')}\n`;

it('takes every fact from the answer', () => {
  expect(parseLists(answer())).toEqual({
    server: {
      pid: 12,
      start: '1700',
      sessions: [
        {
          ...{ id: '$0', created: '1701', name: 'work', attached: 1, group: 'grp', mark: null },
          panes: [{ id: '%0', pid: 55, dead: false, deadStatus: null, mark: null, activity: 1703 }],
        },
        {
          ...{ id: '$3', created: '1702', name: 'a b', attached: 0, group: null, mark: null },
          panes: [{ id: '%14', pid: 56, dead: true, deadStatus: 127, mark: null, activity: 1704 }],
        },
      ],
      clients: [{ session: '$0', pid: 57, activity: 1705 }],
    },
    perhapsMarked: ['$3', '%14'],
  });
});

it.each([
  ['0', 0],
  ['127', 127],
  ['s9', 137],
  ['', null],
])('a pane that died with %j', (text, deadStatus) => {
  const lines = answer((all) => all.map((line) => line.replace('\t127\t', `\t${text}\t`)));
  expect(parseLists(lines)?.server.sessions[1]?.panes[0]).toMatchObject({ dead: true, deadStatus });
});

it('a server without sessions has none', () => {
  expect(parseLists('V\t12\t1700\nEND\n')?.server.sessions).toEqual([]);
});

it.each<[string, string]>([
  ['nothing', ''],
  ['no end', answer((lines) => lines.slice(0, -1))],
  ['no server', answer((lines) => lines.slice(1))],
  ['tabs of a server without UTF-8', answer().replaceAll('\t', '_')],
  [
    'a pane of a session that was not listed',
    answer((lines) => lines.filter((l) => !l.startsWith('S\t$3'))),
  ],
  ['a line of something else', answer((lines) => ['hello', ...lines])],
  ['a session without an id', answer((lines) => lines.map((l) => l.replace('S\t$3', 'S\t')))],
])('an answer that is not whole says nothing: %s', (_name, text) => {
  expect(parseLists(text)).toBeNull();
});

it('a mark is what stands under its own target', () => {
  const text = 'M\t$0\nM\t$3\nsg-0123456789abcdef\nM\t%14\nsomebody\n12\t1700\n';
  expect(parseMarks(text)).toEqual({
    server: '12\t1700',
    of: new Map([['$3', 'sg-0123456789abcdef']]),
  });
  expect(parseMarks('M\t$0\n')).toBeNull();
  expect(parseMarks('')).toBeNull();
});
