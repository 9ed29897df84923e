import type { Report } from './report.ts';

export function writeDocs(_report: Report): void {}
