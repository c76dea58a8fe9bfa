import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { openLeads } from '#features/recovery/leads-acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type ImeiFault, parseImei } from '#lib/imei/imei.ts'
import { imeiCells, type LineFault, type ListedImei, MAX_LIST, readImeiList } from '#lib/imei/list.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type CsvFault, readCsv } from '#platform/csv.ts'
import type { Tx } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { type Counter, counterFor } from '#platform/rate-limits/commands.ts'
import { countAndFind } from './data.ts'

interface CheckedPhone {
  /** 15 digits. */
  readonly imei: string
  /** `not_reported` also covers cases on which two people have not acted yet: they stay unseen. */
  readonly result: 'reported' | 'not_reported'
}

/**
 * Answers anybody whether a phone is reported. Nothing of the question is stored. Each one counts against the limit of its
 * address, invalid numbers too.
 */
export async function checkPhone(
  written: string,
  address: string,
  now: Instant,
): Promise<
  Result<
    CheckedPhone,
    | { readonly kind: 'invalid'; readonly fault: ImeiFault }
    | { readonly kind: 'too_often'; readonly retryAfterSeconds: number }
  >
> {
  const imei = parseImei(written)
  const counter = counterFor('check_address', address, now)
  const { wait, reported } = await countAndFind({ key14: imei.ok ? imei.value.key : null, counter, now })
  if (wait > 0) return err({ kind: 'too_often', retryAfterSeconds: wait })
  if (!imei.ok) return err({ kind: 'invalid', fault: imei.error })
  return ok({ imei: imei.value.imei, result: reported ? 'reported' : 'not_reported' })
}

export interface CheckedLine {
  readonly written: string
  /** 15 digits; empty where the line is no IMEI. */
  readonly imei: string
  readonly result: CheckedPhone['result'] | 'invalid'
  readonly fault: LineFault | null
  readonly sameAs: number | null
}

interface CheckedList {
  readonly lines: readonly CheckedLine[]
  /** Phones that this account may still check today. */
  readonly remaining: number
}

export type ListRefusal =
  | { readonly kind: 'forbidden' | 'too_many' | 'no_imei' | CsvFault }
  | { readonly kind: 'too_often'; readonly remaining: number }

async function cellsOf(file: Uint8Array): Promise<Result<readonly string[], CsvFault | 'no_imei'>> {
  const csv = await readCsv(file, MAX_LIST)
  if ('fault' in csv) return err(csv.fault)
  const cells = imeiCells(csv.rows)
  return cells === null ? err('no_imei') : ok(cells)
}

/**
 * Checks a shop's list, pasted or in a CSV file. Each different phone counts against the account's daily limit. The audit log
 * gets only counts. Of the list itself only the checks of reported phones are stored, for their police.
 */
export async function checkList(
  actor: StaffActor,
  { text, file }: { readonly text: string; readonly file: Uint8Array | null },
  now: Instant,
): Promise<Result<CheckedList, ListRefusal>> {
  if (!may(actor.role, 'imei:check_list')) return err({ kind: 'forbidden' })
  const cells = file === null ? ok([]) : await cellsOf(file)
  if (!cells.ok) return err({ kind: cells.error })
  const list = readImeiList([text, ...cells.value])
  if (!list.ok) return err({ kind: list.error })
  const lines = list.value
  const keys14 = [...new Set(lines.flatMap(({ read }) => (read.ok ? [read.value.key] : [])))]
  return runInTransaction<CheckedList, ListRefusal>(async (tx) => {
    const counter = counterFor('shop_account', actor.id, now)
    const { allowed, remaining, reported } = await countAndFindList(tx, { keys14, counter, now })
    if (!allowed) return err({ kind: 'too_often', remaining })
    const facts = { lines: lines.length, phones: keys14.length, reported: reported.length }
    const subject = { kind: 'account', id: actor.id } as const
    await audit(tx, { actor, act: 'check.list', subject, facts, at: now })
    await openLeads(tx, actor, reported, now)
    const found = new Set(reported)
    return ok({ lines: lines.map((line) => answerTo(line, found)), remaining })
  })
}

interface ListAnswer {
  /** False if the list exceeds the limit: then nothing was looked up and nothing counts. */
  readonly allowed: boolean
  readonly remaining: number
  readonly reported: readonly string[]
}

/** Counts a list's phones against one limit and looks all of them up, in one statement. */
export async function countAndFindList(
  tx: Tx,
  {
    keys14,
    counter,
    now,
  }: { readonly keys14: readonly string[]; readonly counter: Counter; readonly now: Instant },
): Promise<ListAnswer> {
  const [answer] = await tx.$queryRaw<ListAnswer[]>`
    SELECT allowed, remaining, reported FROM check_imei_list(
      ${[...keys14]}, ${counter.keyHash}, ${counter.amount}::integer, ${counter.window}::integer, ${now})`
  if (!answer) throw new Error('check_imei_list did not answer')
  return answer
}

function answerTo({ written, read, sameAs }: ListedImei, reported: ReadonlySet<string>): CheckedLine {
  if (!read.ok) return { written, imei: '', result: 'invalid', fault: read.error, sameAs }
  const result = reported.has(read.value.key) ? 'reported' : 'not_reported'
  return { written, imei: read.value.imei, result, fault: null, sameAs }
}
