import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    env: { LAB_THREADS: '2', TF_CPP_MIN_LOG_LEVEL: '2' },
  },
})
