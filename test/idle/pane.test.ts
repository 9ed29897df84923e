import { expect, it } from 'vitest';
import { parseLook } from '../../src/idle/pane.ts';

const pane = {
  socket: '/s',
  serverPid: 7,
  serverStart: '1700000000',
  id: '%3',
  sessionId: '$1',
  sessionCreated: '1700000001',
  sessionName: 'work',
};

const told = (first: string, ...list: string[]) =>
  [first, ...list, '=screen=', 'row one', '', 'row three', ''].join('\n');
const FIRST = '%3\t7\t1700000000\t42\t0\t0\t2\t1\t1700000050';

it('reads process, cursor, mode and screen of the pane', () => {
  expect(parseLook(pane, told(FIRST))).toEqual({
    kind: 'seen',
    look: {
      panePid: 42,
      inMode: false,
      synchronized: false,
      drawnAt: 1_700_000_051_000,
      clientUsedAt: null,
      cursor: { x: 2, y: 1 },
      rows: [
        [{ text: 'row one', faint: false, inverse: false }],
        [],
        [{ text: 'row three', faint: false, inverse: false }],
        [],
      ],
    },
  });
  expect(parseLook(pane, told('%3\t7\t1700000000\t42\t1\t1\t2\t1'))).toMatchObject({
    look: { inMode: true, synchronized: true },
  });
});

it('counts the clients of every session that shows the pane, and of no other', () => {
  const list = ['pane\t%1\t$0', 'pane\t%3\t$1', 'pane\t%3\t$4', 'client\t$0\t1700009999'];
  expect(parseLook(pane, told(FIRST, ...list))).toMatchObject({ look: { clientUsedAt: null } });
  const clients = [...list, 'client\t$1\t1700000100', 'client\t$4\t1700000200'];
  expect(parseLook(pane, told(FIRST, ...clients))).toMatchObject({
    look: { clientUsedAt: 1_700_000_200_000 },
  });
});

it.each([
  ['a pane that is gone', ''],
  ['another pane', FIRST.replace('%3', '%4')],
  ['another server', FIRST.replace('\t7\t', '\t8\t')],
  ['a server that was restarted with the same pid', FIRST.replace('1700000000', '1700000005')],
])('does not look at %s', (_, first) => {
  expect(parseLook(pane, told(first)).kind).toBe('unseen');
});

it('does not look at an answer without a screen', () => {
  expect(parseLook(pane, FIRST).kind).toBe('unseen');
});
