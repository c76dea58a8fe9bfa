import '#server-only'
import type { ProofReading, ReadImei } from '#features/evidence/readings/rules.ts'
import type { CaseQuestion } from '#features/exchange/questions/data.ts'
import { deviceOf } from '#features/lookup-tables/data.ts'
import { displayName } from '#lib/imei/device.ts'
import { parseImei } from '#lib/imei/imei.ts'
import type { Instant } from '#lib/time.ts'
import { blindIndexes } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { writtenAlike } from '../contacts/rules.ts'
import { movesThat, UNAPPROVED } from '../moves/rules.ts'
import type { Contact } from '../particulars/rules.ts'
import { OVER_STATES } from '../record/state-rules.ts'
import { writeChoice, writeReading } from './rules.ts'

/** A phone that a carrier named, because the reporter's number was in it. */
export interface NamedPhone {
  /** The value that a form sends to choose this phone. */
  readonly choice: string
  /** For a phone that a machine read on the proof: where it was read. */
  readonly carrierName: string
  /** 15 digits. */
  readonly imei: string
  /** Make and model from the TAC table; null if the table does not know them. */
  readonly device: { readonly manufacturer: string; readonly model: string } | null
}

export async function listNamedPhones(questions: readonly CaseQuestion[]): Promise<NamedPhone[]> {
  const named = questions.flatMap(({ id, carrierName, imeis }) =>
    imeis.map(async (imei, at) => {
      const parsed = parseImei(imei)
      const device = parsed.ok ? await deviceOf(parsed.value.tac) : null
      return { choice: writeChoice({ question: id, at }), carrierName, imei, device }
    }),
  )
  return Promise.all(named)
}

/** Returns the phones among which police let the reporter choose, never with their whole numbers. */
export async function listReleasedPhones(questions: readonly CaseQuestion[]) {
  const named = await listNamedPhones(questions.filter(({ releasedAt }) => releasedAt !== null))
  return named.map(({ choice, carrierName, imei, device }) => ({
    choice,
    carrierName,
    name: device && displayName(device.manufacturer, device.model),
    ending: imei.slice(-4),
  }))
}

/** Returns the phones that a machine has read on the evidence of a case, and that the case does not claim. */
export const readPhones = ({ files, others }: ProofReading) =>
  Promise.all(
    others.map(async ({ imei }) => ({
      choice: choiceOf(files, imei),
      imei,
      device: await deviceOf(imei.slice(0, 8)),
    })),
  )

function choiceOf(files: ProofReading['files'], imei: ReadImei['imei']): string {
  const file = files.find(({ found }) => found.some((one) => one.imei === imei))
  if (!file) throw new Error('a phone that no file shows')
  return writeReading({ evidence: file.evidenceId, at: file.found.findIndex((one) => one.imei === imei) })
}

/** Returns the cases among `ids` in the caller's scope. */
export async function casesAmong(ids: readonly string[], tx: Tx = db) {
  if (ids.length === 0) return []
  const rows = await tx.case.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, number: true, state: true, submittedAt: true },
  })
  return rows.map(({ state, ...row }) => ({ ...row, active: !OVER_STATES.includes(state) }))
}

/**
 * Returns the reports that are not over and that were sent, or got a number, since a time; with their phones, in the caller's
 * scope. A report can get a number until police decide.
 */
export const listReportedSince = (since: Instant, tx: Tx = db) =>
  tx.case.findMany({
    where: {
      imeis: { some: {} },
      OR: [
        { submittedAt: { gte: since }, state: { notIn: [...OVER_STATES] } },
        {
          stateText: { in: [...UNAPPROVED] },
          events: { some: { move: { in: SETTING_IMEIS }, at: { gte: since } } },
        },
      ],
    },
    select: { id: true, incidentAt: true, submittedAt: true, imeis: { select: { key14: true } } },
    orderBy: [{ submittedAt: 'asc' }, { id: 'asc' }],
  })

const SETTING_IMEIS = movesThat(({ setsImei }) => setsImei === true)

/** Returns when a phone was first reported by a case that is not over; null for never. */
export async function findFirstReport(keys: readonly string[], tx: Tx = db): Promise<Instant | null> {
  const first = await tx.case.findFirst({
    where: { imeis: { some: { key14: { in: [...keys] } } }, state: { notIn: [...OVER_STATES] } },
    select: { submittedAt: true },
    orderBy: { submittedAt: 'asc' },
  })
  return first?.submittedAt ?? null
}

export async function isCaseOf(caseId: string, contacts: readonly Contact[], tx: Tx = db): Promise<boolean> {
  const hashes = contacts.flatMap((one) => writtenAlike(one).flatMap((text) => blindIndexes('contact', text)))
  return (await tx.blindIndex.count({ where: { caseId, hash: { in: hashes } } })) > 0
}
