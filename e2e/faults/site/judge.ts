import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { run } from '../../../scripts/run.ts'
import { openProof, staff } from '../../forms/people.ts'
import { bookOf, eirAgainstBook, eirOf, gaps } from '../exchange/judge.ts'
import type { Place, Told } from './load.ts'
import type { Stage } from './stage.ts'

/** Returns every difference between the stored data and what people were told, as text. */
export async function judge(stage: Stage, told: Told): Promise<string[]> {
  const kept = [...stage.webs, ...stage.workers, stage.carriers]
  const { dataDir, databases, sms, carrierKeys, balancer } = stage
  const place = { dataDir, query: databases.query, sms, carriers: [...carrierKeys.keys()] }
  return [
    ...kept.flatMap(({ fell }) => fell),
    ...balancer.failures.map((failure) => `answered ${failure}`),
    ...(await judgeKept(place, told)),
    ...(await judgeLog(process.env.AUDIT_DIR ?? '')),
  ]
}

export interface Judged extends Place {
  readonly dataDir: string
  readonly carriers: readonly string[]
}

/** Returns every success that people were told of and that is not stored exactly once. */
export const judgeKept = async (place: Judged, told: Told): Promise<string[]> => [
  ...told.stuck,
  ...(await reports(place, told)),
  ...(await ratings(place, told)),
  ...(await messages(place, told)),
  ...(await exchange(place)),
  ...(await proofs(told)),
]

/** Checks that each report with a receipt is exactly one case, approved once, with its phone blocked. */
async function reports({ query }: Place, { filed }: Told): Promise<string[]> {
  const rows = await query<{ number: string; state: string; history: string[] }>(
    `SELECT number, state, (SELECT array_agg(move ORDER BY e.seq) FROM case_events e WHERE e.case_id = c.id) AS history
      FROM cases c`,
  )
  const found = Map.groupBy(rows, ({ number }) => number)
  const twice = new Set(filed.map(({ number }) => number)).size !== filed.length
  return [
    ...(twice ? ['two receipts have one number'] : []),
    // Other cases are the demo's own, or come from people who sent a report and gave up before the receipt.
    ...filed.flatMap(({ number }) => {
      const [one, ...others] = found.get(number) ?? []
      if (one === undefined) return [`${number} is lost`]
      if (others.length > 0) return [`${number} is there twice`]
      const approvals = one.history.filter((move) => move === 'approve').length
      if (approvals !== 1) return [`${number} was approved ${approvals} times`]
      return one.state === 'blocked' ? [] : [`${number} is ${one.state}`]
    }),
  ]
}

/** Checks that each rating with a thanks page has its receipt, and that people saw every receipt. */
async function ratings({ query }: Place, { rated, stuck }: Told): Promise<string[]> {
  const [row] = await query<{ receipts: string }>('SELECT count(*) AS receipts FROM survey_receipts')
  const receipts = Number(row?.receipts)
  const shown = new Set(rated).size
  if (receipts < shown) return [`${shown - receipts} of ${shown} ratings are lost`]
  // A rating may have been counted although its person gave up.
  return receipts > shown + stuck.length ? [`${receipts} ratings are counted, ${shown} were thanked for`] : []
}

interface Message {
  readonly to: string
  readonly id: string
  readonly text: string
}

function mailsIn(folder: string): Message[] {
  const header = (mail: string, name: string) =>
    new RegExp(`^${name}:\\s*(.+?)\\r?$`, 'im').exec(mail)?.[1] ?? ''
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.eml'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .map((mail) => ({
      to: header(mail, 'to'),
      id: header(mail, 'message-id'),
      text: mail.slice(mail.search(/\r?\n\r?\n/)),
    }))
}

/** The messages to a person whose phone is blocked and who is asked nothing, each sent once. */
const TOLD = 'approve, carriers_applied, code_confirm_contact, draft_kept, submitted, take, verify'

/** Checks that each person has got every message of the report, and none under two ids. */
async function messages({ dataDir, sms, query }: Judged, { filed }: Told): Promise<string[]> {
  const rows = await untilSent(
    query,
    filed.map(({ number }) => number),
  )
  const all = [...mailsIn(join(dataDir, 'outbox')), ...(sms?.taken ?? [])]
  return filed.flatMap(({ number, contact }) => {
    const written = rows.filter((row) => row.number === number)
    const templates = written.map(({ template }) => template).join(', ')
    if (templates !== TOLD) return [`${number}: the messages are ${templates}`]
    const own = all.filter(({ to }) => to.includes(contact))
    const byText = Map.groupBy(own, ({ text }) => text)
    if ([...byText.values()].some((same) => new Set(same.map(({ id }) => id)).size > 1))
      return [`${number}: a message went out under two ids`]
    const ids = new Set(own.map(({ id }) => id))
    return ids.size === written.length ? [] : [`${number}: ${ids.size} messages reached its person`]
  })
}

/** Returns the messages of these reports by template, when none waits any more or a minute has passed. */
async function untilSent(query: Place['query'], numbers: readonly string[]) {
  const since = performance.now()
  for (;;) {
    const rows = await query<{ number: string; template: string; state: string }>(
      `SELECT c.number, n.template, n.state FROM notices n JOIN cases c ON c.id = n.case_id
        WHERE c.number = ANY($1) ORDER BY n.template`,
      [numbers],
    )
    if (rows.every(({ state }) => state !== 'queued') || performance.now() - since > 60_000) return rows
    await sleep(500)
  }
}

async function exchange({ dataDir, carriers, query }: Judged): Promise<string[]> {
  const faults: string[] = []
  for (const carrier of carriers) {
    const lines = await bookOf((sql, values) => query(sql, values), carrier)
    const own = [...gaps(lines), ...eirAgainstBook(eirOf(dataDir, carrier), lines)]
    faults.push(...own.map((fault) => `${carrier}: ${fault}`))
  }
  return faults
}

async function proofs({ filed }: Told): Promise<string[]> {
  const officer = await staff('officer', 'quan-3')
  const faults: string[] = []
  for (const { number } of filed) {
    const page = await openProof(officer, number)
    const [, file] = /\/api\/evidence\/([0-9a-f-]{36})/.exec(page.body) ?? []
    const picture =
      file === undefined ? null : await widthOf(await officer.fetchBytes(`/api/evidence/${file}`))
    if (picture === null) faults.push(`${number}: its proof cannot be seen`)
  }
  return faults
}

const widthOf = async (picture: Buffer): Promise<number | null> => {
  try {
    return (await sharp(picture).metadata()).width
  } catch {
    return null
  }
}

export async function judgeLog(checkpoints: string): Promise<string[]> {
  const { code, output } = await run(process.execPath, [
    'scripts/audit-verify.ts',
    '--checkpoints',
    checkpoints,
  ])
  return code === 0 ? [] : [`the log does not verify (${code}): ${output.trim().slice(0, 300)}`]
}
