import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { subagentsIn, turnOf, turnState } from '../../src/idle/transcript.ts';

const lines = (...entries: object[]) =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

const claude = {
  user: { type: 'user', isSidechain: false, message: { role: 'user', content: 'hand off' } },
  result: { type: 'user', message: { content: [{ type: 'tool_result', content: 'ok' }] } },
  call: { type: 'assistant', message: { content: [{ type: 'tool_use', name: 'Bash' }] } },
  answer: { type: 'assistant', message: { content: [{ type: 'text', text: 'Handed off.' }] } },
  summary: { type: 'system', subtype: 'stop_hook_summary' },
  duration: { type: 'system', subtype: 'turn_duration' },
  notice: { type: 'system', subtype: 'informational' },
  enqueue: { type: 'queue-operation', operation: 'enqueue', content: 'and?' },
  dequeue: { type: 'queue-operation', operation: 'dequeue' },
  popAll: { type: 'queue-operation', operation: 'popAll' },
  side: { type: 'user', isSidechain: true, message: { content: 'of a subagent' } },
  other: { type: 'last-prompt' },
};
const c = claude;
const turn = [c.user, c.call, c.result, c.answer];

it.each([
  ['a turn that is over', [...turn, c.summary, c.duration, c.other], 'settled'],
  ['one of the two is enough', [...turn, c.duration], 'settled'],
  ['Stop hooks still run', turn, 'open'],
  ['a tool was called last', [c.user, c.call], 'open'],
  ['its result came last', [c.user, c.call, c.result, c.duration], 'open'],
  ['another hook blocked the stop', [...turn, c.summary, c.user], 'open'],
  ['a new prompt', [...turn, c.duration, c.user], 'open'],
  ['a notice closes no turn', [...turn, c.notice], 'open'],
  ['typed during the turn', [c.user, c.enqueue, c.answer, c.summary, c.duration], 'open'],
  ['and taken up', [c.user, c.enqueue, c.answer, c.duration, c.dequeue, c.user], 'open'],
  [
    'and answered',
    [c.user, c.enqueue, c.answer, c.dequeue, c.user, c.answer, c.duration],
    'settled',
  ],
  ['two typed, one taken', [c.user, c.enqueue, c.enqueue, c.dequeue, c.answer, c.duration], 'open'],
  ['the queue was emptied', [c.enqueue, c.enqueue, c.popAll, c.answer, c.duration], 'settled'],
  ["a subagent's entries", [...turn, c.duration, c.side], 'settled'],
  ['nothing', [], 'open'],
])('Claude Code, %s: %s', (_, entries, expected) => {
  expect(turnState('claude', lines(...entries), 'Handed off.')).toBe(expected);
});

const codex = {
  started: { type: 'event_msg', payload: { type: 'task_started', turn_id: 't' } },
  user: { type: 'response_item', payload: { type: 'message', role: 'user' } },
  answer: { type: 'response_item', payload: { type: 'message', role: 'assistant' } },
  count: { type: 'event_msg', payload: { type: 'token_count' } },
  over: {
    type: 'event_msg',
    payload: { type: 'task_complete', last_agent_message: 'Handed off.' },
  },
  aborted: { type: 'event_msg', payload: { type: 'turn_aborted' } },
};
const x = codex;

it.each([
  ['a turn that is over', [x.started, x.user, x.answer, x.over], 'settled'],
  ['Stop hooks still run', [x.started, x.user, x.answer, x.count], 'open'],
  ['a new turn', [x.started, x.user, x.answer, x.over, x.started], 'open'],
  ["a subagent's report", [x.started, x.answer, x.over, x.user], 'settled'],
  ['settings change nothing', [x.over, x.count], 'settled'],
  ['an interrupt', [x.started, x.user, x.aborted], 'open'],
])('Codex, %s: %s', (_, entries, expected) => {
  expect(turnState('codex', lines(...entries), 'Handed off.')).toBe(expected);
});

it.each([
  ['the very message', 'Handed off.', 'settled'],
  ['the end of it', 'ed off.', 'settled'],
  ['white space around it', '  Handed off.\n', 'settled'],
  ['no message was named', null, 'settled'],
  ['another message', 'Something else.', 'open'],
])('asks for the last message: %s', (_, message, expected) => {
  expect(turnState('claude', lines(...turn, c.duration), message)).toBe(expected);
  expect(turnState('codex', lines(x.over), message)).toBe(expected);
});

it('reads a cut first line, a cut last line and what is no JSON as nothing', () => {
  const text = `l"}\n${lines(...turn, c.duration)}null\n7\n{"type":`;
  expect(turnState('claude', text, 'Handed off.')).toBe('settled');
});

it('reads the end of a long transcript, and says when it cannot', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sg-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 't.jsonl');
  const padding = lines({ type: 'attachment', text: 'ä'.repeat(1_000_000) });
  writeFileSync(path, padding + padding + lines(...turn, c.duration));
  expect(turnOf('claude', path, 'Handed off.')).toBe('settled');
  expect(turnOf('claude', join(dir, 'none'), 'Handed off.')).toBe('unreadable');
  expect(turnOf('claude', null, 'Handed off.')).toBe('unreadable');
});

it('names the subagents that Codex started, each once', () => {
  const id = '01a1fd9d-7598-77d2-b126-eae243078b87';
  const output = (text: unknown) => ({
    type: 'response_item',
    payload: { type: 'function_call_output', output: text },
  });
  const spawned = output(`{"agent_id":"${id}","nickname":"Locke"}`);
  const said = {
    type: 'response_item',
    payload: { type: 'message', content: `"agent_id":"${id}"` },
  };
  expect(subagentsIn(lines(x.user, spawned, x.answer, spawned))).toEqual([id]);
  expect(subagentsIn(lines(output([{ text: `{"agent_id":"${id}"}` }])))).toEqual([id]);
  expect(subagentsIn(lines(said, output('agent_id: none'), x.over))).toEqual([]);
});
