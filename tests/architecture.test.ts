import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { faultsOf } from './architecture.ts'

const FOLDERS = ['app', 'components', 'domain', 'messages', 'server', 'scripts', 'prisma', 'tests', 'e2e']
const TOP = ['instrumentation.ts', 'proxy.ts']

const paths = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
    (name) => `${folder}/${name.replaceAll('\\', '/')}`,
  ),
).concat(readdirSync('.').filter((name) => TOP.includes(name)))
const sources = paths
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

test('the whole house is in order', () => {
  expect(sources.length).toBeGreaterThan(300)
  expect(sources.flatMap(faultsOf)).toEqual([])
})

const SERVER = "import '#server-only'\n"

describe('a fault is found, with its line', () => {
  test.each([
    [
      'domain/a.ts',
      "import { x } from '#server/platform/env.ts'",
      /^domain\/a\.ts:1: domain imports only domain/,
    ],
    ['domain/a.ts', "import { readFileSync } from 'node:fs'", /no package but zod/],
    ['components/ui/a.tsx', "import { env } from '#server/platform/env.ts'", /components import only/],
    ['components/ui/a.tsx', "import { x } from '../../server/cases/loaders.ts'", /components import only/],
    [
      'server/platform/a.ts',
      `${SERVER}import { x } from '#server/cases/loaders.ts'`,
      /:2: platform knows nothing/,
    ],
    [
      'server/platform/a.ts',
      `${SERVER}import { x } from '#generated/prisma/client.ts'`,
      /database-errors\.ts alone/,
    ],
    [
      'server/entry/a.ts',
      `${SERVER}import { x } from '#server/cases/repository.ts'`,
      /through their loaders/,
    ],
    [
      'server/exchange/commands.ts',
      `${SERVER}import { x } from '#server/cases/commands/settle.ts'`,
      /may not ask cases/,
    ],
    [
      'server/audit/commands.ts',
      `${SERVER}import { x } from '#server/notices/commands.ts'`,
      /may not ask notices/,
    ],
    [
      'server/evidence/commands.ts',
      `${SERVER}import { x } from '#server/exchange/commands/issue.ts'`,
      /may not ask/,
    ],
    [
      'server/cases/commands.ts',
      `${SERVER}import { x } from '#server/exchange/repository/book.ts'`,
      /is asked through/,
    ],
    [
      'server/cases/commands.ts',
      `${SERVER}import { x } from '#server/entry/session.ts'`,
      /may not know server\/entry/,
    ],
    ['server/cases/commands.ts', `${SERVER}import { x } from '../../scripts/run.ts'`, /may not know scripts/],
    [
      'server/cases/commands.ts',
      `${SERVER}import type { Case } from '#generated/prisma/client.ts'`,
      /only a repository/,
    ],
    [
      'server/cases/commands.ts',
      `${SERVER}import {\n  db,\n  type Tx,\n} from '#server/platform/db.ts'`,
      /:5: only a repo/,
    ],
    ['app/a/page.tsx', "import { db } from '#server/platform/db.ts'", /app reaches the server/],
    ['app/a/page.tsx', "export { find } from '#server/cases/repository.ts'", /app reaches the server/],
    ['app/a/page.tsx', "const x = await import('#server/cases/repository.ts')", /app reaches the server/],
    ['app/a/page.tsx', "import { getServerSession } from 'next-auth'", /session\.ts alone/],
    ['app/a/page.tsx', "import { x } from '#tests/database.ts'", /app reaches/],
    ['server/cases/a.test.ts', "import { db } from '#server/platform/db.ts'", /looks through tests\/db\.ts/],
    ['tests/factories/a.ts', "import { transaction } from '#server/platform/db.ts'", /looks through/],
    ['server/cases/loaders.ts', 'export const x = 1', /lacks import '#server-only'/],
    ['server/cases/mailer.ts', SERVER, /loaders, commands, repository and jobs/],
    ['server/robbers/loaders.ts', SERVER, /no place in LEVELS/],
    ['components/ui/index.ts', '', /no index files/],
    ['domain/utils.ts', '', /says what a thing is for/],
    ['components/helpers/a.tsx', '', /says what a thing is for/],
    [
      'components/ui/a.tsx',
      "'use client'\n\nconst t = useTranslations('x')",
      /:3: words come to the browser as props/,
    ],
  ])('%s: %s', (path, text, fault) => {
    expect(faultsOf({ path, text }).join('\n')).toMatch(fault)
  })
})

describe('what is allowed passes', () => {
  test.each([
    ['domain/a.ts', "import { z } from 'zod'\nimport { b } from './b.ts'"],
    [
      'server/cases/commands/move.ts',
      `${SERVER}import { type Tx, transaction } from '#server/platform/db.ts'`,
    ],
    ['server/cases/repository/queue.ts', `${SERVER}import { db, Prisma } from '#server/platform/db.ts'`],
    ['server/reports/commands/send.ts', `${SERVER}import { x } from '#server/cases/commands/submit.ts'`],
    ['server/entry/session.ts', `${SERVER}import NextAuth from 'next-auth'`],
    [
      'app/a/page.tsx',
      "import { x } from '#server/cases/loaders/queue.ts'\nimport { y } from '#components/ui/a.tsx'",
    ],
    ['server/cases/commands.test.ts', "import { db } from '#tests/db.ts'"],
    ['server/platform/a.test.ts', "import { db } from './db.ts'"],
    ['scripts/a.ts', "import { db } from '#server/platform/db.ts'"],
  ])('%s', (path, text) => {
    expect(faultsOf({ path, text })).toEqual([])
  })
})
