import { expect, it } from 'vitest';
import { type PaneClaim, paneClaim, parseAnswer } from '../../src/owner/tmux.ts';

it.each<[string, string | undefined, string | undefined, PaneClaim | null]>([
  ['a pane', '/tmp/t/default,12,0', '%3', { socket: '/tmp/t/default', serverPid: 12, id: '%3' }],
  ['a comma in the socket', '/t,1/s,12,0', '%3', { socket: '/t,1/s', serverPid: 12, id: '%3' }],
  ['a space in the socket', '/a b/s,12,0', '%30', { socket: '/a b/s', serverPid: 12, id: '%30' }],
  ['no TMUX_PANE', '/t/s,12,0', undefined, null],
  ['no TMUX', undefined, '%3', null],
  ['empty', '', '', null],
  ['a pane without %', '/t/s,12,0', '3', null],
  ['a name for a pane', '/t/s,12,0', '%work', null],
  ['a target for a pane', '/t/s,12,0', '=work:.%1', null],
  ['an option for a pane', '/t/s,12,0', '-t', null],
  ['a second line in the pane', '/t/s,12,0', '%3\n%4', null],
  ['no server pid', '/t/s,,0', '%3', null],
  ['a server pid that is none', '/t/s,1x,0', '%3', null],
  ['a socket only', '/t/s', '%3', null],
  ['no socket', ',12,0', '%3', null],
])('paneClaim: %s', (_name, TMUX, TMUX_PANE, expected) => {
  expect(paneClaim({ TMUX, TMUX_PANE })).toEqual(expected);
});

const claim: PaneClaim = { socket: '/t/s', serverPid: 12, id: '%3' };
const line = ['%3', '12', '1700', '55', '$0', '1701', '0', '1', 'work'];
const answer = (changes: Record<number, string>, panes = '%3\n%4\n') =>
  `${line.map((field, at) => changes[at] ?? field).join('\t')}\n${panes}`;

it('takes every fact from the answer', () => {
  expect(parseAnswer(claim, answer({}))).toEqual({
    kind: 'facts',
    facts: {
      pane: {
        socket: '/t/s',
        serverPid: 12,
        serverStart: '1700',
        id: '%3',
        sessionId: '$0',
        sessionCreated: '1701',
        sessionName: 'work',
      },
      panePid: 55,
      shared: false,
      allPanes: ['%3', '%4'],
    },
  });
});

it.each([
  ['nothing', '', 'no-pane'],
  ['an empty line and the panes (a missing pane)', '\n%3\n%4\n', 'no-pane'],
  ['only the panes', '%3\n%4\n', 'no-pane'],
  ['tabs of a server without UTF-8', '%3_12_1700_55_$0_1701_0_1_work\n%3\n', 'no-pane'],
  ['another pane', answer({ 0: '%4' }), 'no-pane'],
  ['a pane that the id is a prefix of', answer({ 0: '%31' }), 'no-pane'],
  ['no tmux session', answer({ 4: '' }), 'no-pane'],
  ['no server start', answer({ 2: '' }), 'no-pane'],
  ['another server on the socket', answer({ 1: '13' }), 'other-server'],
  ['no server pid', answer({ 1: '' }), 'other-server'],
])('is no proof: %s', (_name, stdout, reason) => {
  expect(parseAnswer(claim, stdout)).toEqual({ kind: 'failed', reason });
});

it.each([
  ['grouped', { 6: '1' }, true],
  ['linked into two tmux sessions', { 7: '2' }, true],
  ['in one only', { 6: '0', 7: '1' }, false],
])('shared: %s', (_name, changes, shared) => {
  expect(parseAnswer(claim, answer(changes))).toMatchObject({ facts: { shared } });
});

it.each(['a b', 'ünï', 'x#(id)', 'a\tb', '0'])('keeps the tmux session name %j', (name) => {
  expect(parseAnswer(claim, answer({ 8: name }))).toMatchObject({
    facts: { pane: { sessionName: name } },
  });
});
