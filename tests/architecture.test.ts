import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { faultsOf } from './architecture.ts'

const FOLDERS = [
  ...['app', 'components', 'features', 'http', 'lib', 'messages', 'platform'],
  ...['scripts', 'tools', 'prisma', 'tests', 'e2e'],
]
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
    ['lib/a.ts', "import { x } from '#platform/env.ts'", /^lib\/a\.ts:1: lib imports only lib/],
    ['lib/a.ts', "import { readFileSync } from 'node:fs'", /no package but zod/],
    ['components/ui/a.tsx', "import { env } from '#platform/env.ts'", /components import only/],
    [
      'components/ui/a.tsx',
      "import { x } from '../../features/cases/queue/data.ts'",
      /components import only/,
    ],
    [
      'platform/a.ts',
      `${SERVER}import { x } from '#features/cases/queue/data.ts'`,
      /:2: platform knows nothing/,
    ],
    [
      'platform/a.ts',
      `${SERVER}import { x } from '#generated/prisma/client.ts'`,
      /database-errors\.ts alone/,
    ],
    ['http/a.ts', `${SERVER}import { x } from '#features/cases/jobs.ts'`, /through their data and acts/],
    [
      'features/exchange/orders/acts.ts',
      `${SERVER}import { x } from '#features/cases/settling/acts.ts'`,
      /may not ask cases/,
    ],
    [
      'features/audit/entries/acts.ts',
      `${SERVER}import { x } from '#features/notices/acts.ts'`,
      /may not ask notices/,
    ],
    [
      'features/evidence/files/acts.ts',
      `${SERVER}import { x } from '#features/exchange/issuing/acts.ts'`,
      /may not ask/,
    ],
    [
      'features/cases/moves/acts.ts',
      `${SERVER}import { x } from '#features/evidence/reading.ts'`,
      /is asked through/,
    ],
    [
      'features/cases/moves/acts.ts',
      `${SERVER}import { x } from '#http/session.ts'`,
      /may not know http\/session/,
    ],
    [
      'features/cases/moves/acts.ts',
      `${SERVER}import { x } from '../../../scripts/run.ts'`,
      /may not know scripts/,
    ],
    [
      'features/cases/moves/acts.ts',
      `${SERVER}import type { Case } from '#generated/prisma/client.ts'`,
      /only data knows/,
    ],
    [
      'features/cases/moves/acts.ts',
      `${SERVER}import {\n  db,\n  type Tx,\n} from '#platform/db.ts'`,
      /:5: only data reads/,
    ],
    [
      'tools/carriers/a.ts',
      "import { x } from '#features/exchange/orders/rules.ts'",
      /knows public interfaces/,
    ],
    ['tools/gateways/a.ts', "import { x } from '../carriers/carrier.ts'", /knows public interfaces/],
    ['tools/demo-city/a.ts', "import { x } from '#features/cases/submission/acts.ts'", /KNOWN_TO_TOOLS/],
    ['platform/b.ts', `${SERVER}import { x } from '../tools/demo-city/make.ts'`, /knows nothing above/],
    ['app/a/page.tsx', "import { db } from '#platform/db.ts'", /app reaches the server/],
    ['app/a/page.tsx', "export { find } from '#features/cases/jobs.ts'", /app reaches the server/],
    ['app/a/page.tsx', "const x = await import('#features/cases/jobs.ts')", /app reaches the server/],
    ['app/a/page.tsx', "import { getServerSession } from 'next-auth'", /session\.ts alone/],
    ['app/a/page.tsx', "import { x } from '#tests/database.ts'", /app reaches/],
    ['features/cases/a.test.ts', "import { db } from '#platform/db.ts'", /looks through tests\/db\.ts/],
    ['tests/factories/a.ts', "import { transaction } from '#platform/db.ts'", /looks through/],
    ['features/cases/queue/data.ts', 'export const x = 1', /lacks import '#server-only'/],
    ['features/cases/mailer.ts', SERVER, /have rules\.ts, data\.ts, acts\.ts/],
    ['features/exchange/queries/orders.ts', SERVER, /have rules\.ts, data\.ts, acts\.ts/],
    ['features/robbers/data.ts', SERVER, /no place in FEATURES/],
    ['components/ui/index.ts', '', /no index files/],
    ['lib/utils.ts', '', /says what a thing is for/],
    ['components/helpers/a.tsx', '', /says what a thing is for/],
    [
      'features/cases/queue/data.ts',
      `${SERVER}export async function holdCase() {}`,
      /:2: hold is the temporary/,
    ],
    ['lib/a.ts', 'export const holdAll = () => {}', /:1: hold is the temporary block/],
    [
      'components/ui/a.tsx',
      "import { x } from './b.ts'\n\n;('use client')",
      /:3: a directive is the first line/,
    ],
    [
      'components/ui/a.tsx',
      "'use client'\n\nconst t = useTranslations('x')",
      /:3: words come to the browser as props/,
    ],
    [
      'app/a/page.tsx',
      "export default () => {\n  async function act() {\n    'use server'\n  }\n}",
      /:3: an action stands in a file of actions/,
    ],
    [
      'app/a/actions.ts',
      "'use server'\n\nexport async function act() {}",
      /:3: an action is made by staffForm, staffAction or citizenAction/,
    ],
    [
      'app/a/actions.ts',
      "'use server'\nexport { retryOrder } from '#features/exchange/orders/acts.ts'",
      /:2: an action is made by staffForm/,
    ],
    [
      'app/a/actions.ts',
      "'use server'\nimport { retryOrder } from '#features/exchange/orders/acts.ts'\nexport const retryAction = retryOrder",
      /:3: an action is made by staffForm/,
    ],
    [
      'app/a/actions.ts',
      "'use server'\nexport const retryAction = act({})",
      /:2: an action is made by staffForm/,
    ],
    [
      'app/a/actions.ts',
      "'use server'\nexport * from '#features/exchange/orders/acts.ts'",
      /:2: an action is made/,
    ],
    ['features/exchange/orders/acts.ts', `import { z } from 'zod'\n${SERVER}`, /acts begin with import/],
    [
      'features/exchange/orders/data.ts',
      `${SERVER}import { retryOrder } from './acts.ts'`,
      /:2: data is asked by acts and jobs/,
    ],
    [
      'features/exchange/orders/acts.ts',
      `${SERVER}import { runReleases } from '../releases/jobs.ts'`,
      /:2: a job asks acts, and no act asks a job/,
    ],
    [
      'features/exchange/orders/order-table.tsx',
      "import { findOrder, type Order } from './data.ts'",
      /:1: components import only .* and types of data/,
    ],
    [
      'app/a/page.tsx',
      "import { runReleases } from '#features/exchange/releases/jobs.ts'",
      /app reaches the server/,
    ],
  ])('%s: %s', (path, text, fault) => {
    expect(faultsOf({ path, text }).join('\n')).toMatch(fault)
  })
})

describe('what is allowed passes', () => {
  test.each([
    ['lib/a.ts', "import { z } from 'zod'\nimport { b } from './b.ts'"],
    ['features/cases/moves/acts.ts', `${SERVER}import { type Tx, transaction } from '#platform/db.ts'`],
    ['features/cases/queue/data.ts', `${SERVER}import { db, Prisma } from '#platform/db.ts'`],
    ['features/reporting/sending/acts.ts', `${SERVER}import { x } from '#features/cases/submission/acts.ts'`],
    ['http/session.ts', `${SERVER}import NextAuth from 'next-auth'`],
    ['app/a/actions.ts', "'use server'\n\nexport const act = citizenAction({ schema }, keep)"],
    [
      'app/a/page.tsx',
      "import { x } from '#features/cases/queue/data.ts'\nimport { y } from '#components/ui/a.tsx'",
    ],
    [
      'features/exchange/orders/order-table.tsx',
      "import type { Order } from './data.ts'\nimport { type Line, type Way } from '../delivery/data.ts'",
    ],
    ['features/exchange/orders/jobs.ts', `${SERVER}import { retryOrder } from './acts.ts'`],
    ['app/a/actions.ts', "'use server'\n\nexport const retryAction = staffForm(retryOrder)"],
    ['features/cases/clocks/rules.ts', 'export const holdExpiry = () => {}'],
    ['features/cases/queue/data.test.ts', "import { db } from '#tests/db.ts'"],
    ['platform/a.test.ts', "import { db } from './db.ts'"],
    ['tools/load/a.ts', "import { ruleOf } from '#features/cases/moves/rules.ts'"],
    ['scripts/a.ts', "import { db } from '#platform/db.ts'"],
  ])('%s', (path, text) => {
    expect(faultsOf({ path, text })).toEqual([])
  })
})
