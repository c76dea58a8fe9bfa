import '#server-only'
import { casesAmong, findFirstReport, isCaseOf } from '#features/cases/imeis/data.ts'
import { readCaseSnapshot } from '#features/cases/record/page-data.ts'
import { findAnswersTo } from '#features/exchange/questions/data.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope, PhonesScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { type CaseKey, keyedHash, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY, type WrappedKey } from '#platform/key-wrapper.ts'
import { findRegistrant, inPhones } from '../registrants/data.ts'
import {
  IMEI_HASH,
  isOfNumbers,
  NOTHING_GIVEN,
  type PhoneContent,
  PHONE_PLACE as PLACE,
  type RegistrationLine,
} from './rules.ts'

/** Hashes a phone's first 14 digits, for places where the number must not be stored. */
export const imeiHash = (key14: string): Uint8Array<ArrayBuffer> => keyedHash(IMEI_HASH, key14)

const ROW = {
  ...{ id: true, registrantId: true, state: true, sealed: true, createdAt: true, registeredAt: true },
  ...{ keptAt: true, askedAt: true, endedAt: true, reportId: true },
  key: { select: WRAPPED_KEY },
} as const

export type RegisteredPhone = ReturnType<typeof open>

function open({ key: stored, sealed, ...row }: Prisma.RegisteredPhoneGetPayload<{ select: typeof ROW }>) {
  const key = unwrap(row.id, stored)
  return { ...row, key, content: unseal<PhoneContent>(key, PLACE, sealed) }
}

export async function insertPhone(
  tx: Tx,
  row: {
    readonly key: CaseKey
    readonly stored: WrappedKey
    readonly registrantId: string
    readonly now: Instant
  },
): Promise<void> {
  const { key, stored, registrantId, now } = row
  await tx.caseKey.create({
    data: { caseId: key.caseId, ...stored, createdAt: now },
    select: { caseId: true },
  })
  const sealed = seal(key, PLACE, NOTHING_GIVEN)
  await tx.registeredPhone.create({
    data: { id: key.caseId, registrantId, sealed, createdAt: now, keptAt: now },
    select: { id: true },
  })
}

/** Replaces the content of a phone, and its IMEI hashes. */
export async function savePhone(
  tx: Tx,
  { id, key }: Pick<RegisteredPhone, 'id' | 'key'>,
  content: PhoneContent,
  registeredAt?: Instant,
): Promise<void> {
  const data = {
    sealed: seal(key, PLACE, content),
    ...(registeredAt && { state: 'registered' as const, registeredAt, keptAt: registeredAt }),
  }
  await tx.registeredPhone.update({ where: { id }, data, select: { id: true } })
  await tx.registeredImei.deleteMany({ where: { phoneId: id } })
  const keys = [...new Set(content.imeis.map((imei) => imei.slice(0, 14)))]
  await tx.registeredImei.createMany({ data: keys.map((key14) => ({ hash: imeiHash(key14), phoneId: id })) })
}

/** Returns a phone of this list; null for another list's phone or none, so that a caller cannot tell the two apart. */
export async function findPhone(
  { registrantId }: Pick<PhonesScope, 'registrantId'>,
  id: string,
  tx: Tx = db,
): Promise<RegisteredPhone | null> {
  if (!isUuid(id)) return null
  const row = await inPhones(() => tx.registeredPhone.findFirst({ where: { id, registrantId }, select: ROW }))
  return row && open(row)
}

/** Locks and returns a phone of this list. */
export async function lockPhone(
  tx: Tx,
  scope: Pick<PhonesScope, 'registrantId'>,
  id: string,
): Promise<RegisteredPhone | null> {
  if (!isUuid(id)) return null
  await tx.$queryRaw`SELECT 1 FROM registered_phones WHERE id = ${id}::uuid FOR UPDATE`
  return findPhone(scope, id, tx)
}

/** Returns a phone for a job, or for the other side of a hand-over; null if it is gone. */
export async function openPhone(id: string, tx: Tx = db): Promise<RegisteredPhone | null> {
  const row = await tx.registeredPhone.findFirst({ where: { id }, select: ROW })
  return row && open(row)
}

/** Returns the phones of a list that can be reported. */
export const phonesIn = async (registrantId: string): Promise<readonly RegisteredPhone[]> => {
  const where = { registrantId, state: 'registered' } as const
  const orderBy = [{ registeredAt: 'asc' }, { id: 'asc' }] as const
  return (await db.registeredPhone.findMany({ where, orderBy: [...orderBy], select: ROW })).map(open)
}

export type PhoneView = Awaited<ReturnType<typeof phonesOf>>[number]

/** Returns the phones of a list, those in use first, with the answers of carriers and police; phones just begun are left out. */
export const phonesOf = (scope: PhonesScope) =>
  inPhones(async () => {
    const rows = await db.registeredPhone.findMany({
      where: { registrantId: scope.registrantId, state: { not: 'begun' } },
      orderBy: [{ endedAt: { sort: 'asc', nulls: 'first' } }, { registeredAt: 'asc' }, { id: 'asc' }],
      select: ROW,
    })
    return viewsOf(rows.map(open))
  })

/** Returns one phone of a list, even if just begun. */
export async function phoneOf(scope: PhonesScope, id: string): Promise<PhoneView | null> {
  const phone = await findPhone(scope, id)
  return phone && ((await inPhones(() => viewsOf([phone])))[0] ?? null)
}

async function viewsOf(phones: readonly RegisteredPhone[]) {
  const ids = phones.map(({ id }) => id)
  const [answers, cases, warnings] = [
    await findAnswersTo(ids),
    await casesAmong(phones.flatMap(({ reportId }) => reportId ?? [])),
    await db.phoneWarning.findMany({
      where: { phoneId: { in: ids } },
      orderBy: { toldAt: 'desc' },
      select: { phoneId: true, caseId: true, toldAt: true, contestedAt: true },
    }),
  ]
  const active = await casesAmong(warnings.map(({ caseId }) => caseId))
  return phones.map((phone) => {
    const asked = answers.filter(
      ({ caseId, askedAt }) => caseId === phone.id && isOfNumbers(phone.content, askedAt),
    )
    const yes = asked.find(({ answer }) => answer === 'yes')
    return {
      ...phone,
      asked,
      confirmed: yes?.answeredAt ? { carrier: yes.carrierName, at: yes.answeredAt } : null,
      report: cases.find(({ id, active: on }) => on && id === phone.reportId) ?? null,
      /** An active report by somebody else. */
      warning:
        warnings.find(
          ({ phoneId, caseId }) =>
            phoneId === phone.id && active.some(({ id, active: on }) => on && id === caseId),
        ) ?? null,
    }
  })
}

/** Returns the registrations of a report's phone, for police whose scope includes the report. */
export async function registrationsOn(
  scope: CaseScope,
  report: { readonly id: string; readonly imeis: readonly { readonly imei: string }[] },
): Promise<readonly RegistrationLine[]> {
  return (await readCaseSnapshot(scope, report.id)) ? inPhones(() => linesOn(report)) : []
}

async function linesOn(report: {
  readonly id: string
  readonly imeis: readonly { readonly imei: string }[]
}): Promise<readonly RegistrationLine[]> {
  const keys = [...new Set(report.imeis.map(({ imei }) => imei.slice(0, 14)))]
  const rows = await db.registeredPhone.findMany({
    where: {
      imeis: { some: { hash: { in: keys.map(imeiHash) } } },
      state: { in: ['registered', 'handed_over'] },
    },
    orderBy: [{ registeredAt: 'asc' }, { id: 'asc' }],
    select: {
      ...ROW,
      given: { where: { confirmedAt: { not: null } }, select: { number: true, confirmedAt: true } },
      received: { select: { number: true, confirmedAt: true } },
      reports: { where: { caseId: report.id }, select: { contestedAt: true, sealed: true } },
    },
  })
  if (rows.length === 0) return []
  const [answers, first] = [await findAnswersTo(rows.map(({ id }) => id)), await findFirstReport(keys)]
  const lines = rows.map(async ({ given, received, reports: [warning], ...row }) => {
    const { registeredAt, state, key, content } = open(row)
    if (registeredAt === null) return []
    const registrant = await findRegistrant(row.registrantId)
    const yes = answers.find(
      ({ caseId, answer, askedAt }) => caseId === row.id && answer === 'yes' && isOfNumbers(content, askedAt),
    )
    const papers = [
      ...given.map((paper) => ({ ...paper, side: 'gave' as const })),
      ...(received ? [{ ...received, side: 'got' as const }] : []),
    ]
    return [
      {
        registeredAt,
        own:
          row.reportId === report.id ||
          (registrant !== null && (await isCaseOf(report.id, registrant.contacts))),
        afterReport: first !== null && registeredAt > first,
        confirmed: yes?.answeredAt ? { carrier: yes.carrierName, at: yes.answeredAt } : null,
        state: state === 'handed_over' ? state : ('registered' as const),
        papers: papers.flatMap(({ number, confirmedAt: at, side }) => (at ? [{ number, at, side }] : [])),
        contested: warning?.contestedAt
          ? {
              at: warning.contestedAt,
              words: warning.sealed ? unseal<string>(key, contestPlace(report.id), warning.sealed) : '',
            }
          : null,
      },
    ]
  })
  return (await Promise.all(lines)).flat()
}

/** Names the sealing context of a registrant's objection to a report. */
export const contestPlace = (caseId: string): string => `contest:${caseId}`

export const phoneOfFile = ({ registrantId }: PhonesScope, file: string): Promise<string | null> =>
  inPhones(async () => {
    const where = { id: file, key: { phone: { registrantId } } }
    return (await db.evidence.findFirst({ where, select: { caseId: true } }))?.caseId ?? null
  })

export const consentsOf = (phoneId: string) =>
  inPhones(() =>
    db.consent.findMany({
      where: { caseId: phoneId },
      orderBy: { purpose: 'asc' },
      select: { purpose: true, version: true, at: true, withdrawnAt: true },
    }),
  )
