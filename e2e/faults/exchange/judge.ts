import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attempt, People, Work } from './people.ts'
import type { Stage } from './stage.ts'
import type { Told } from './wire.ts'

interface Line {
  readonly seq: number
  readonly order: string
  readonly imei: string
  readonly action: 'block' | 'unblock'
  readonly reason: string
  readonly state: string
  readonly outcome: string | null
  readonly case: string
}

/** The content of a carrier's register (tools/carriers/register.ts). */
interface Eir {
  readonly seq: number
  readonly listed: Readonly<Record<string, readonly string[]>>
  readonly owed: readonly unknown[]
}

export async function judge(stage: Stage, people: People): Promise<string[]> {
  const faults = [...stage.web.fell, ...stage.worker.fell]
  for (const kept of stage.carriers.values()) faults.push(...kept.fell)
  faults.push(...(await histories(stage, people)))
  for (const [carrier, key] of stage.keys) {
    const lines = await bookOf(
      async (sql, values) => (await stage.superuser.query(sql, [...values])).rows,
      carrier,
    )
    const own = [
      ...gaps(lines),
      ...eirAgainstBook(eirOf(stage.dataDir, carrier), lines),
      ...(await listAgainstBook(stage, key, lines)),
      ...effects(
        lines,
        stage.wire.told.filter((told) => told.carrier === carrier),
      ),
      ...wholeness(lines, people.work),
    ]
    faults.push(...own.map((fault) => `${carrier}: ${fault}`))
  }
  return faults
}

/** Checks that each act is in the case's history exactly once, and that it was answered `ok` at most once. */
async function histories(stage: Stage, { attempts, work }: People): Promise<string[]> {
  const faults: string[] = []
  const { rows } = await stage.superuser.query<{ case_id: string; move: string; times: string }>(
    'SELECT case_id, move, count(*) AS times FROM case_events GROUP BY 1, 2',
  )
  const times = new Map(rows.map((row) => [`${row.move} ${row.case_id}`, Number(row.times)]))
  const acts: Readonly<Record<Work['end'], readonly string[]>> = {
    blocked: ['approve'],
    unblocked: ['approve', 'request_unblock', 'verify_unblock', 'approve_unblock', 'carriers_lifted'],
  }
  for (const { id, number, end } of work) {
    for (const act of acts[end]) {
      const found = times.get(`${act} ${id}`) ?? 0
      if (found !== 1) faults.push(`${number}: ${act} is in its history ${found} times`)
      const answers = attempts.filter((one) => one.subject === id && one.act === act)
      if (answers.filter(({ outcome }) => outcome === 'ok').length > 1)
        faults.push(`${number}: ${act} was done twice`)
    }
  }
  const audited = await stage.superuser.query<{ times: string }>(
    "SELECT count(*) AS times FROM audit_entries WHERE act = 'case.approve'",
  )
  if (Number(audited.rows[0]?.times) !== work.length) faults.push('approvals and their audit entries differ')
  return faults
}

/** Returns all lines of a carrier's book. The query has no scope. */
export async function bookOf(
  query: (sql: string, values: readonly string[]) => Promise<(Line & { seq: string })[]>,
  carrier: string,
): Promise<Line[]> {
  const rows = await query(
    `SELECT b.seq, b.order_id AS order, b.imei, b.action, b.reason, b.outcome, o.state, o.case_id AS case
      FROM book_entries b JOIN carrier_orders o ON o.id = b.order_id WHERE b.carrier_id = $1 ORDER BY b.seq`,
    [carrier],
  )
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}

export const eirOf = (dataDir: string, carrier: string): Eir =>
  JSON.parse(readFileSync(join(dataDir, 'eir', `${carrier}.json`), 'utf8')) as Eir

export const gaps = (lines: readonly Line[]): string[] =>
  lines.flatMap(({ seq }, at) => (seq === at + 1 ? [] : [`line ${at + 1} of the book is missing`]))

/** Returns the block reasons in force for each IMEI, from the first line of the book to the last. */
function inForce(lines: readonly Line[]): Map<string, string[]> {
  const listed = new Map<string, string[]>()
  for (const { imei, action, reason } of lines) {
    if (action === 'unblock') listed.delete(imei)
    else listed.set(imei, [...new Set([...(listed.get(imei) ?? []), reason])].toSorted())
  }
  return listed
}

/** Returns whether two relay people exempted the order and the carrier then rejected it after all. */
const isGivenUp = ({ state, outcome }: Line): boolean => state === 'exempt' && outcome === 'rejected'

export function eirAgainstBook(eir: Eir, lines: readonly Line[]): string[] {
  const faults: string[] = []
  if (eir.seq !== lines.length) faults.push(`its EIR stands at ${eir.seq} of ${lines.length}`)
  if (eir.owed.length > 0) faults.push(`${eir.owed.length} results are still owed`)
  // A rejected line changed nothing. `wholeness` checks that it was ordered again or exempted.
  const book = inForce(lines.filter(({ outcome }) => outcome !== 'rejected'))
  for (const imei of new Set([...book.keys(), ...Object.keys(eir.listed)])) {
    const [asked, stands] = [book.get(imei)?.join('|') ?? 'free', eir.listed[imei]?.join('|') ?? 'free']
    if (asked !== stands) faults.push(`${imei} is ${stands} in its EIR and ${asked} in the book`)
  }
  return faults
}

async function listAgainstBook({ url }: Stage, key: string, lines: readonly Line[]): Promise<string[]> {
  const answer = await fetch(new URL('/api/carrier/v1/list', url), {
    headers: { authorization: `Bearer ${key}` },
  })
  if (!answer.ok) return [`its list answers ${answer.status}`]
  const [, ...rows] = (await answer.text()).trim().split('\n')
  const listed = new Set(rows.map((row) => row.split(',', 1)[0]))
  const book = inForce(lines)
  const same = listed.size === book.size && [...book.keys()].every((imei) => listed.has(imei))
  return same ? [] : [`its list has ${listed.size} phones where the book comes to ${book.size}`]
}

/** Checks that a carrier reported one and the same outcome for each line, however often it reported, and never `already`. */
function effects(lines: readonly Line[], told: readonly Told[]): string[] {
  const outcomes = Map.groupBy(told, ({ order, imei }) => `${order} ${imei}`)
  return lines.flatMap((line) => {
    const said = new Set((outcomes.get(`${line.order} ${line.imei}`) ?? []).map(({ outcome }) => outcome))
    const [only] = said
    if (said.size !== 1) return [`order ${line.order} was told as ${[...said].join(' and ') || 'nothing'}`]
    if (line.outcome !== only)
      return [`order ${line.order} was ${only} and is written down as ${line.outcome}`]
    if (only === 'already') return [`order ${line.order} was carried out twice`]
    return []
  })
}

/** Checks that every case has its order at every carrier, and that the newest order is what police decided. */
function wholeness(lines: readonly Line[], work: readonly Work[]): string[] {
  const byCase = Map.groupBy(lines, (line) => line.case)
  return work.flatMap(({ id, number, end }) => {
    const own = byCase.get(id) ?? []
    const blocks = own.filter(({ action, state }) => action === 'block' && state !== 'superseded')
    if (blocks.length !== 1) return [`${number} has ${blocks.length} orders to block`]
    const last = own.at(-1)
    const wanted = end === 'blocked' ? 'block' : 'unblock'
    if (last?.action !== wanted) return [`the last word on ${number} is ${last?.action}`]
    return last.state === 'applied' || isGivenUp(last)
      ? []
      : [`the last order for ${number} is ${last.state}`]
  })
}

export function tally(attempts: readonly Attempt[]): Record<string, Record<Attempt['outcome'], number>> {
  const table: Record<string, Record<Attempt['outcome'], number>> = {}
  for (const { act, outcome } of attempts) {
    const row = table[act] ?? { ok: 0, failed: 0, unknown: 0 }
    table[act] = { ...row, [outcome]: row[outcome] + 1 }
  }
  return table
}
