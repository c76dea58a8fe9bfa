import { defineConfig } from '@playwright/test'
import type { Mode } from './e2e/fixtures.ts'
import { chromiumPath } from './scripts/chromium.ts'

const executablePath = chromiumPath()

/** Set by `npm run test:full`, which also runs what is tagged @full, the faults, and every journey in every mode. */
const full = Boolean(process.env.TEST_FULL)

/**
 * Real browsers on the product as `npm start` runs it. Every journey runs once; again without JavaScript or on a phone
 * where its tag says that it differs there in kind.
 */
export default defineConfig<Mode>({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/product.ts',
  timeout: 240_000,
  expect: { timeout: 30_000 },
  fullyParallel: true,
  // Much of a journey is waiting for a carrier or the worker: two cores have room for four.
  workers: 4,
  forbidOnly: true,
  ...(!full && { grepInvert: /@full/ }),
  reporter: [['dot'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    timezoneId: 'Asia/Ho_Chi_Minh',
    viewport: { width: 1280, height: 900 },
    // A trace of every test costs a quarter of the run: asked for with TRACE=1, to see a failure again.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    // Each starts a whole product of its own: two cores have room for two at once.
    ...(full
      ? [{ name: 'faults', testDir: 'e2e/faults', workers: 2, use: { language: 'vi' as const } }]
      : []),
    {
      name: 'vi-without-javascript',
      testDir: 'e2e/journeys',
      // A worker loads for seconds what the tests import: not four for the few that run twice.
      ...(!full && { grep: /@without-javascript/, workers: 2 }),
      use: { language: 'vi', javaScriptEnabled: false },
    },
    {
      name: 'en-phone',
      testDir: 'e2e/journeys',
      ...(!full && { grep: /@phone/, workers: 2 }),
      use: { language: 'en', viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
    },
    // One project, as each has workers of its own, which take seconds to load what tests import.
    { name: 'vi', testIgnore: 'faults/**', use: { language: 'vi' } },
  ],
})
