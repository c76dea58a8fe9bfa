import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** Tests of modules that read or write the database; everything else runs without one. */
const database = [
  'features/*/!(rules|*-rules|device|device-*).test.ts',
  'features/*/*/{acts,data,jobs,*-acts,*-data}.test.ts',
  '{http,platform}/**/*.test.ts',
  'app/api/*.test.ts',
  'tests/page-statements.test.tsx',
  'prisma/**/*.test.ts',
  'tools/demo-city/*.test.ts',
  'scripts/{areas-load,migrations,monitoring,setup,tracing,upgrade}.test.ts',
  'scripts/{audit,backup}/*.test.ts',
]
const withoutDatabase = [
  'platform/{barcodes,child-worker,console-log,crypto,env,identity-provider,log,outward,overload,public-store,request,sealed-stream,storage,storage-address,storage-s3,totp,turns,web-processes,webhook}.test.ts',
]

/**
 * Tests that draw papers, read photos, or run whole programs: half of the processor time of all tests without a database.
 * `npm test` runs them, `npm run check` does not.
 */
const slow = [
  '**/paper/{document,parts,poster,workbook}.test.ts',
  'platform/{barcodes,child-worker,storage-s3}.test.ts',
  'tests/photos/*.test.ts',
  'tools/{carriers,conformance}/*.test.ts',
  'scripts/{release,web-processes}.test.ts',
  'tests/alert-rules.test.ts',
]

const unit = [
  '{app,cities,components,features,lib,messages,scripts,tests,tools}/**/*.test.{ts,tsx}',
  ...withoutDatabase,
]
const notUnit = database.filter((pattern) => !pattern.startsWith('{http,platform}'))

/**
 * Matches what changes the process of a test for good: its environment, or a module of its own in another's place. A clock
 * is put right again, by the test or by tests/database.ts.
 */
const CHANGES_PROCESS =
  /vi\.(mock|stub\w+|resetModules)\(|process\.env(\.\w+|\[\w+\]) = |Object\.assign\(process\.env/
const changesProcess = (file: string): boolean => CHANGES_PROCESS.test(readFileSync(file, 'utf8'))

const ownProcess = globSync(database, { exclude: withoutDatabase }).filter(
  // Commands are tried on a whole installation: the shape of its database, the processes it starts.
  // A process has names for a few hundred statements: one test looks at what becomes of a named one.
  (file) => file.startsWith('scripts/') || file === 'platform/db.test.ts' || changesProcess(file),
)
const unitProcess = globSync(unit, { exclude: [...notUnit, ...slow] })
  .filter(changesProcess)
  // A folder of a route, such as [locale], is a name here and no pattern.
  .map((file) => file.replace(/[[\]()]/g, '\\$&'))

// Properties try hundreds of cases; a busy machine takes its time.
const onNothing = { testTimeout: 60_000 }

const onDatabase = {
  globalSetup: 'tests/database-server.ts',
  setupFiles: 'tests/database.ts',
  // Papers are drawn and photos are read in some: on a busy machine a minute is not enough.
  testTimeout: 180_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    // Vitest would leave a core to others, which on two is half; a test that waits, or has PostgreSQL work, needs none.
    maxWorkers: 3,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        test: {
          ...onNothing,
          name: 'unit',
          include: unit,
          exclude: [...notUnit, ...slow, ...unitProcess],
          // Half of what the tests of a rule cost is a process of its own.
          isolate: false,
        },
      },
      {
        test: {
          ...onNothing,
          name: 'unit-process',
          include: unitProcess,
        },
      },
      {
        test: {
          ...onNothing,
          name: 'slow',
          include: slow,
          isolate: false,
        },
      },
      {
        test: {
          ...onDatabase,
          name: 'database',
          include: database,
          exclude: [...withoutDatabase, ...ownProcess],
          // Prisma plans each query once a process, which is half of what a test would cost in a process of its own.
          isolate: false,
        },
      },
      {
        test: {
          ...onDatabase,
          name: 'database-process',
          include: ownProcess,
        },
      },
    ],
  },
})
