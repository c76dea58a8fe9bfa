import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { checkpointDirectory } from '#features/audit/files.ts'
import { findChanged, publishChanged } from '#features/audit/published/acts.ts'
import { publishLog } from '#features/audit/publishing/acts.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { publishReceiptRoots } from '#features/ratings/receipts/acts.ts'
import { readAgencyTables } from '#features/results/published/data.ts'
import { monthOf } from '#features/results/rules.ts'
import { takeSnapshot } from '#features/statistics/archive/acts.ts'
import { publishFacts } from '#features/statistics/jobs.ts'
import { logChangedTables } from '#features/statistics/published-acts.ts'
import { superuser } from '#tests/database.ts'
import { transaction } from '#tests/db.ts'
import { makeProvenCase } from '#tests/factories/case.ts'
import { makeRating } from '#tests/factories/rating.ts'

// The program runs as an outsider would run it: over HTTP, against the real routes.

const ROUTES: readonly (readonly [RegExp, () => Promise<{ GET: unknown }>])[] = [
  [/^\/api\/v1\/tables$/, () => import('#app/api/v1/tables/route.ts')],
  [/^\/api\/v1\/tables\/(?<table>[^/]+)$/, () => import('#app/api/v1/tables/[table]/route.ts')],
  [/^\/log\/figures\/(?<file>[^/]+)$/, () => import('#app/log/figures/[file]/route.ts')],
  [/^\/log\/programs\/(?<file>[^/]+)$/, () => import('#app/log/programs/[file]/route.ts')],
  [/^\/log\/(?<path>.+)$/, () => import('#app/log/[...path]/route.ts')],
  [/^\/api\/v1\/archive$/, () => import('#app/api/v1/archive/route.ts')],
  [
    /^\/api\/v1\/archive\/(?<month>[^/]+)\/blocking$/,
    () => import('#app/api/v1/archive/[month]/blocking/route.ts'),
  ],
  [/^\/api\/v1\/audit\/key$/, () => import('#app/api/v1/audit/key/route.ts')],
  [/^\/api\/v1\/results$/, () => import('#app/api/v1/results/route.ts')],
  [/^\/api\/v1\/results\/answers$/, () => import('#app/api/v1/results/answers/route.ts')],
  [/^\/api\/v1\/results\/months$/, () => import('#app/api/v1/results/months/route.ts')],
  [/^\/api\/v1\/results\/kiosks$/, () => import('#app/api/v1/results/kiosks/route.ts')],
  [/^\/api\/v1\/results\/parts$/, () => import('#app/api/v1/results/parts/route.ts')],
  [/^\/api\/v1\/figures$/, () => import('#app/api/v1/figures/route.ts')],
]

let server: Server
let site: string
/** Returns the site's changed answer for a path, or null to keep the original. */
let instead: (path: string, answer: string) => string | null = () => null
let folder: string
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const [pattern, load] = ROUTES.find(([one]) => one.test(pathname)) ?? []
    if (!pattern || !load) return response.writeHead(404).end()
    const { GET } = (await load()) as {
      GET: (request: Request, context: { params: Promise<object> }) => Promise<Response>
    }
    const { path, ...named } = pattern.exec(pathname)?.groups ?? {}
    const params = Promise.resolve({ ...named, ...(path !== undefined && { path: path.split('/') }) })
    const answer = await GET(
      new Request(`http://localhost${pathname}`, { headers: { accept: 'application/json' } }),
      { params },
    )
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    const body = Buffer.from(await answer.arrayBuffer())
    response.end(instead(pathname, body.toString()) ?? body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  folder = await mkdtemp(join(tmpdir(), 'figures-'))
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  instead = () => null
  for (const of of [checkpointDirectory(), join(process.env.DATA_DIR ?? '', 'log')])
    await rm(of, { recursive: true, force: true })
})

/** Runs a command without blocking this process, which has to answer its requests. */
async function inTheBackground(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
) {
  const child = spawn(command, args, {
    cwd,
    env: { ...env, NODE_ENV: 'test', PYTHONDONTWRITEBYTECODE: '1' },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data))
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, said }
}
const run = (...args: readonly string[]) =>
  inTheBackground('python3', ['verify/figures.py', site, ...args], '.', process.env)

/** Adds ratings at seven agencies over two months, and one month of `/so-lieu`. */
async function fill() {
  const now = new Date()
  const last = new Date(now.getTime() - 31 * 86_400_000)
  for (const [at, agency] of [
    'quan-1',
    'quan-3',
    'quan-4',
    'quan-5',
    'quan-6',
    'so-y-te',
    'so-tai-chinh',
  ].entries())
    for (const [when, answers] of [
      [last, 10 + 10 * (at % 3)],
      [now, 30],
    ] as const)
      for (let n = 0; n < answers; n++)
        await makeRating(
          agency,
          when,
          { r1: String(at === 1 ? 5 : 1 + ((n * 3 + at) % 5)), ...(n % 2 === 0 && { e1: 'online' }) },
          { address: `10.${at}.${n}.${when === now ? 1 : 2}`, channel: n % 3 === 0 ? 'poster' : 'web' },
        )
  for (let n = 0; n < 14; n++)
    await makeProvenCase({
      unitId: n % 3 === 0 ? 'quan-4' : 'quan-3',
      incidentType: 'robbed',
      now: new Date(now.getTime() - 80 * 86_400_000),
    })
  await superuser.query(
    `INSERT INTO survey_volumes (agency_id, month, procedure, cases, source, told_on)
     SELECT id, date_trunc('month', now())::date, '', 900, 'test', now()::date FROM agencies WHERE id IN ('quan-1', 'quan-3', 'quan-4', 'quan-6', 'so-y-te')`,
  )
  // The earlier months differ more than by chance, so that a dispersion can be estimated.
  await superuser.query(
    `INSERT INTO survey_months (agency_id, questionnaire_version, question, month, respondents, counts)
     SELECT agency_id, 1, 'r1', (date_trunc('month', now()) - n * interval '1 month')::date, 10,
       CASE WHEN n % 2 = 0 THEN '{"5": 10}'::jsonb ELSE '{"1": 7, "2": 3}' END
     FROM survey_cells, generate_series(3, 5) AS n WHERE question = 'r1';
     UPDATE survey_cells c SET respondents = s.people, published = s.published FROM (
       SELECT agency_id, sum(people)::int AS people, jsonb_object_agg(code, people) AS published FROM (
         SELECT agency_id, code, sum(people::int) AS people FROM survey_months, jsonb_each_text(counts) AS o (code, people)
         WHERE question = 'r1' GROUP BY 1, 2) AS codes GROUP BY 1) AS s
     WHERE c.question = 'r1' AND c.agency_id = s.agency_id;
     UPDATE survey_tallies t SET published = c.respondents FROM survey_cells c
     WHERE c.question = 'r1' AND c.agency_id = t.agency_id`,
  )
  await superuser.query(
    `INSERT INTO facts_carriers (month, carrier_id, orders, within_24h, median_seconds, p90_seconds)
     SELECT date_trunc('month', (now() - interval '80 days') AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, id, 20, 18, 3600, 7200
     FROM carriers WHERE id = 'viettel'`,
  )
  await publishFacts(now)
  await publishReceiptRoots(now)
  await logChangedTables(now)
  await takeSnapshot(now)
  await sealLog()
}

test('an outsider’s program works every figure anew and finds it right; each tampering it finds wrong', async () => {
  await fill()
  const kept = join(folder, 'kept.json')
  const first = await run(kept)
  expect(first.said).toMatch(/\n?(\d{4,}) comparisons over \d+ tables of the log, 0 wrong\n$/)
  expect(first.code, first.said).toBe(0)
  expect(JSON.parse(await readFile(kept, 'utf8')).waiting).toEqual({})
  const results = await (await fetch(`${site}/api/v1/results`)).json()
  expect(results.weighted, 'a share by cases is among them').toMatchObject({ agencies: 5, cases: 4500 })
  expect(results.dispersion.factor, 'the intervals of answers are widened too').toBeGreaterThan(1.5)

  const changes: readonly (readonly [string, string])[] = [
    // One agency's data is changed in every table; the audit log still has the original.
    [
      `UPDATE survey_months SET counts = '{"5": 30}' WHERE agency_id = 'quan-1' AND question = 'r1'`,
      'quan-1',
    ],
    [
      `UPDATE survey_cells SET published = '{"1": 60}' WHERE agency_id = 'quan-4' AND question = 'r1'`,
      'quan-4',
    ],
    [`UPDATE survey_volumes SET cases = 100000`, 'quan-3 perThousand'],
    [`UPDATE survey_parts SET published = '{"5": 30}' WHERE agency_id = 'quan-5'`, 'parts'],
    [
      `UPDATE facts_months SET shown = shown || '{"quan-3": 20}' WHERE measure = 'reported' AND split = 'area'`,
      'reported',
    ],
    [`UPDATE published_tables SET sha256 = sha256('x') WHERE name LIKE 'results.quan-5.%'`, 'quan-5'],
  ]
  for (const [change, word] of changes) {
    await superuser.query('CREATE TABLE kept_before AS SELECT 1')
    const saved = ['survey_months', 'survey_cells', 'survey_volumes', 'survey_parts']
    saved.push('facts_months', 'published_tables')
    for (const table of saved) await superuser.query(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`)
    await superuser.query(change)
    const { code, said } = await run()
    expect([code, said], change).toEqual([1, expect.stringContaining('FAULT')])
    expect(said, change).toContain(word)
    for (const table of saved)
      await superuser.query(
        `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}; DROP TABLE kept_${table}`,
      )
    await superuser.query('DROP TABLE kept_before')
  }
  // A site that omits part of its tables' content, or attributes it to others.
  const without = async (change: (path: string, answer: string) => object | null) => {
    instead = (path, answer) => {
      const other = change(path, answer)
      return other && JSON.stringify({ ...JSON.parse(answer), ...other })
    }
    return (await run()).said.split('\n')
  }
  expect(await without((path) => (path === '/api/v1/results' ? { weighted: null } : null))).toEqual([
    'FAULT by cases: whether there is a share: True by the tables, False by the site',
    expect.stringContaining('1 wrong'),
    '',
  ])
  const weighted = { ...results.weighted, agencies: 6, cases: 5400 }
  const said = await without((path, answer) => {
    if (path === '/api/v1/results')
      return {
        weighted,
        agencies: results.agencies.filter((one: { agency: string }) => one.agency !== 'so-y-te'),
      }
    if (path === '/api/v1/results/months') return { months: JSON.parse(answer).months.slice(0, -1) }
    if (path === '/api/v1/results/answers') return { answers: JSON.parse(answer).answers.slice(1) }
    return path === '/api/v1/figures' ? { months: [] } : null
  })
  expect(said).toContain('FAULT by cases cases: 4500 by the tables, 5400 by the site')
  for (const what of ['agencies', 'answers', 'months of the survey', 'months of figures'])
    expect(said).toContainEqual(expect.stringContaining(`FAULT ${what} that the site leaves out: `))
  expect(await without((path) => (path === '/api/v1/figures' ? { carriers: [] } : null))).toContainEqual(
    expect.stringContaining('FAULT carriers that the site leaves out: '),
  )
  instead = () => null
  // A month that became less, with an entry that the product would have refused.
  const month = monthOf(new Date())
  const republished = async (from: string, to: string) => {
    await superuser.query(
      `UPDATE survey_months SET counts = counts - $1 || jsonb_build_object($2::text, counts->$1)
       WHERE agency_id = 'quan-4' AND question = 'e1' AND month = $3`,
      [from, to, `${month}-01`],
    )
    await transaction(async (tx) =>
      publishChanged(tx, await findChanged(tx, await readAgencyTables(month, 'quan-4')), new Date()),
    )
    await sealLog()
  }
  const copy = join(folder, 'copy.json')
  await copyFile(kept, copy)
  await republished('online', 'one_stop')
  expect((await run(copy)).said).toContain(`FAULT results.quan-4.${month}: less than was published: `)
  await republished('one_stop', 'online')
  // A table that the log has no entry of, at first and an hour later.
  await superuser.query(`DELETE FROM audit_entries WHERE act = 'figures.published'`)
  const unproven = await run(kept)
  expect([unproven.code, unproven.said], 'it may still be sealed').toEqual([
    0,
    expect.stringContaining('WAITS'),
  ])
  await superuser.query(`UPDATE published_tables SET published_at = now() - interval '2 hours'`)
  const late = await run(kept)
  expect([late.code, late.said]).toEqual([
    1,
    expect.stringMatching(/FAULT .*: the log does not prove its entry/),
  ])
  // A reader who kept the name of a published table notices that it is gone.
  await superuser.query(`DELETE FROM published_tables WHERE name LIKE 'results.quan-6.%'`)
  expect((await run(kept)).said).toContain('was published once and is gone')
}, 300_000)

test('the session of docs/operations/check-from-outside.md and the commands of the open-data page, as they are written', async () => {
  await fill()
  await publishLog(new Date())
  const [, session = ''] =
    /```sh\n(.*?)```/s.exec(await readFile('docs/operations/check-from-outside.md', 'utf8')) ?? []
  expect(session.split('\n').length).toBeGreaterThan(10)
  const own = await mkdtemp(join(folder, 'outsider-'))
  const script = `set -eu\n${session.replace(/^SITE=.*$/m, `SITE=${site}`)}`
  const asWritten = () => inTheBackground('sh', ['-c', script], own, { ...process.env, HOME: own })
  const first = await asWritten()
  expect(first.code, first.said).toBe(0)
  expect(first.said).toContain('0 wrong')
  expect(first.said).toMatch(/HOLDS/)
  const again = await asWritten()
  expect(again.code, again.said).toBe(0)

  const page = await readFile('app/[locale]/(citizen)/results/data/page.tsx', 'utf8')
  const [, commands = ''] = /\{`(curl [^`]+)`\}/.exec(page) ?? []
  const shown = commands.replaceAll(/\$\{citedSiteUrl\(\)\}/g, site).replaceAll('\\n', '\n')
  const { code, said } = await inTheBackground('sh', ['-euc', shown], own, { ...process.env, HOME: own })
  expect(code, said).toBe(0)
  expect(said).toMatch(/^\d{4,} comparisons over \d+ tables of the log, 0 wrong$/m)
}, 120_000)

test('the worked example asks of the evaluation set whether robberies fell more where more was blocked', async () => {
  // Six areas, twelve months: the more blocks happen in time, the fewer robberies remain.
  await superuser.query(
    `INSERT INTO facts_months (month, split, measure, shown, carry, counted)
     SELECT (date_trunc('month', now()) - n * interval '1 month')::date, 'area', measure,
       (SELECT jsonb_object_agg('quan-' || a, CASE measure WHEN 'reported' THEN 50 WHEN 'in_time' THEN 5 * a
          WHEN 'robbed' THEN CASE WHEN n > 14 THEN 40 ELSE 40 - 5 * a END ELSE 0 END) FROM generate_series(1, 6) AS a), 0, 0
     FROM generate_series(9, 20) AS n, unnest('{robbed,snatched,stolen,lost,reported,in_time,verified,blocked,recovered,wrong}'::text[]) AS measure`,
  )
  const now = new Date()
  await logChangedTables(now)
  const month = await takeSnapshot(now)
  const ask = (...args: readonly string[]) =>
    inTheBackground('python3', ['verify/blocking.py', site, ...args], '.', process.env)
  const { code, said } = await ask()
  expect(code, said).toBe(0)
  expect(said).toContain('quan-6: 60% blocked in time, robberies -75%, from 240 to 60 (each within 48)')
  expect(said).toContain('6 areas, rank correlation -1.00')
  expect((await ask(month ?? '')).said).toBe(said)
  expect((await ask('1999-01')).code).toBe(1)
}, 120_000)

test('each program is short enough to be read', async () => {
  const programs = (await readdir('verify')).filter((name) => name.endsWith('.py'))
  expect(programs).toContain('figures.py')
  for (const name of programs)
    expect((await readFile(`verify/${name}`, 'utf8')).trimEnd().split('\n').length, name).toBeLessThan(300)
})

test('a site that does not answer is no fault of its figures', async () => {
  const child = spawn('python3', ['verify/figures.py', 'http://127.0.0.1:9'])
  expect(await new Promise((done) => child.on('close', done))).toBe(2)
})
