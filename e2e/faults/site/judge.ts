import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { openProof, staff } from '../../forms/people.ts'
import { bookOf, eirAgainstBook, eirOf, gaps } from '../exchange/judge.ts'
import type { Told } from './load.ts'
import type { Stage } from './stage.ts'

/** Everything that is not as people were told, in words; nothing when all is well. */
export async function judge(stage: Stage, told: Told): Promise<string[]> {
  const kept = [...stage.webs, ...stage.workers, stage.carriers]
  return [
    ...kept.flatMap(({ fell }) => fell),
    ...stage.balancer.failures.map((failure) => `answered ${failure}`),
    ...told.stuck,
    ...(await reports(stage, told)),
    ...(await ratings(stage, told)),
    ...messages(stage, told),
    ...(await exchange(stage)),
    ...(await proofs(told)),
    ...(await log(stage.dataDir)),
  ]
}

/** Each report whose receipt was shown is one case, its phone blocked; none is there twice. */
async function reports({ query }: Stage, { filed }: Told): Promise<string[]> {
  const rows = await query<{ number: string; state: string; history: string[] }>(
    `SELECT number, state, (SELECT array_agg(move ORDER BY e.seq) FROM case_events e WHERE e.case_id = c.id) AS history
      FROM cases c`,
  )
  const found = Map.groupBy(rows, ({ number }) => number)
  const twice = new Set(filed.map(({ number }) => number)).size !== filed.length
  return [
    ...(twice ? ['two receipts have one number'] : []),
    // The demo's own cases aside, a case without a receipt is one that was sent by a person who then gave up.
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

/** Each rating that was thanked for has its receipt, and no receipt is there that nobody was shown. */
async function ratings({ query }: Stage, { rated, stuck }: Told): Promise<string[]> {
  const [row] = await query<{ receipts: string }>('SELECT count(*) AS receipts FROM survey_receipts')
  const receipts = Number(row?.receipts)
  const shown = new Set(rated).size
  if (receipts < shown) return [`${shown - receipts} of ${shown} ratings are lost`]
  // Whoever gave up may have been counted.
  return receipts > shown + stuck.length ? [`${receipts} ratings are counted, ${shown} were thanked for`] : []
}

/** Each person was told of the block, and no message went out under two ids. */
function messages({ dataDir }: Stage, { filed }: Told): string[] {
  const folder = join(dataDir, 'outbox')
  const mails = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.eml'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const header = (mail: string, name: string) =>
    new RegExp(`^${name}:\\s*(.+?)\\r?$`, 'im').exec(mail)?.[1] ?? ''
  return filed.flatMap(({ number, contactEmail }) => {
    const own = mails.filter((mail) => header(mail, 'to').includes(contactEmail))
    const bySubject = Map.groupBy(own, (mail) => mail.slice(mail.search(/\r?\n\r?\n/)))
    const doubled = [...bySubject.values()].filter(
      (same) => new Set(same.map((mail) => header(mail, 'message-id'))).size > 1,
    )
    if (doubled.length > 0) return [`${number}: a message went out under two ids`]
    // A code, the receipt, what was decided, and the block.
    const ids = new Set(own.map((mail) => header(mail, 'message-id')))
    return ids.size >= 3 ? [] : [`${number}: only ${ids.size} messages reached its person`]
  })
}

async function exchange(stage: Stage): Promise<string[]> {
  const faults: string[] = []
  for (const carrier of stage.carrierKeys.keys()) {
    const lines = await bookOf((sql, values) => stage.query(sql, values), carrier)
    const own = [...gaps(lines), ...eirAgainstBook(eirOf(stage.dataDir, carrier), lines)]
    faults.push(...own.map((fault) => `${carrier}: ${fault}`))
  }
  return faults
}

/** The pictures of each proof that was sent are there and whole. */
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

/** `npm run audit:verify` of the whole log. */
async function log(dataDir: string): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['scripts/audit-verify.ts', '--checkpoints', join(dataDir, 'checkpoints')],
    { env: process.env, stdio: 'pipe' },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  const code = await new Promise((ended) => child.once('close', ended))
  return code === 0 ? [] : [`the log does not verify (${code}): ${said.trim().split('\n').at(-1)}`]
}
