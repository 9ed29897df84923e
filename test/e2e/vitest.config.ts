import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['**/*.test.ts'],
    // `npm run test:e2e` runs these alone: one or two tests of each promise, with each client (README.md).
    tags: [{ name: 'smoke', description: 'Runs at every change; the rest before a release.' }],
    // Clients mostly wait; many of them at once make a small machine slower than a person.
    maxWorkers: 3,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
