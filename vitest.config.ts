import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{domain,components,messages,scripts,app}/**/*.test.{ts,tsx}',
            'server/platform/**/*.test.ts',
            'tests/architecture.test.ts',
          ],
        },
      },
    ],
  },
})
