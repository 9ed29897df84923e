export interface Progress {
  show(tried: number, defects: number): void;
  end(): void;
}

/** One line on a terminal that says how far an attack is; nothing anywhere else. */
export function progress(name: string, quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return { show: () => {}, end: () => {} };
  let shown = 0;
  return {
    show: (tried, defects) => {
      if (performance.now() - shown < 200) return;
      shown = performance.now();
      process.stderr.write(`\r\x1b[K${name}: ${tried} tried, ${defects} kinds of defect`);
    },
    end: () => process.stderr.write('\r\x1b[K'),
  };
}
