import { execFileSync } from 'node:child_process';

/** Fills a repository with 5,000 commits on 10,000 files, the first of which adds them all, before `end`. */
export function fillRepo(dir: string, end: Date, roadmap: string): void {
  const last = Math.floor(end.getTime() / 1000);
  const file = (n: number) => `src/d${n % 100}/e${n % 7}/f${n}.ts`;
  const inline = (path: string, text: string) =>
    `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`;
  const commit = (n: number, changes: string) =>
    `commit refs/heads/main\ncommitter a <a@example.com> ${last - 5000 + n} +0000\ndata 1\nc\n${changes}\n`;
  const first = Array.from({ length: 9_999 }, (_, n) => inline(file(n), `${n}`)).join('');
  const rest = Array.from({ length: 4_999 }, (_, n) =>
    commit(n + 1, inline(file((n * 7) % 9_999), `b${n}`)),
  );
  const input = [commit(0, `${first}${inline('docs/roadmap.md', roadmap)}`), ...rest].join('');
  execFileSync('git', ['fast-import', '--quiet'], { cwd: dir, input });
  execFileSync('git', ['reset', '-q', '--hard', 'main'], { cwd: dir });
}
