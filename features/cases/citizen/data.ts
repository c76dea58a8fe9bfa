import '#server-only'
import { type PoliceUnit, policeUnits } from '#features/areas/data.ts'
import type { Protection } from '#features/first-hour/rules.ts'
import { holidays } from '#features/lookup-tables/data.ts'
import { OPEN_SELECT, type OpenTexts, openTexts } from '#features/reporting/fields/columns-rules.ts'
import type { StaffRole } from '#generated/prisma/client.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { type CarrierHint, carrierHint, formatMobile, type Msisdn } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { findReportedAnew } from '../claims/data.ts'
import type { Holidays } from '../clocks/rules.ts'
import {
  areContactsKept,
  type CaseContacts,
  contactsInForce,
  maskContact,
  waitingContact,
} from '../contacts/rules.ts'
import { type CaseFile, openCaseFile } from '../particulars/data.ts'
import type { EventWords } from '../particulars/rules.ts'
import { findCase, hasConsent, wasConsentGiven, writeCaseScope } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { stateOf } from '../record/state-rules.ts'
import { type CitizenEvent, deciderOf, type EventMove } from '../timeline/rules.ts'
import { type AddedFact, missingFacts } from './added-facts-rules.ts'
import { withoutWatch } from './rules.ts'

interface CitizenRecord {
  readonly unitId: string
  readonly incidentAt: Date
  readonly locale: string
  readonly earlier: { readonly number: string } | null
  readonly events: readonly CitizenEvent[]
  /** When the files were deleted at the end of their retention time; null if none were deleted. */
  readonly filesDeletedAt: Date | null
  readonly phone:
    | (OpenTexts & {
        readonly imeis: readonly string[]
        /** IMEIs that are not blocked although the case is in force: each waits for a paper of its own. */
        readonly waiting: readonly string[]
      })
    | null
}

/** Returns what the citizen's page shows of a case besides its snapshot. With status access nothing sealed is opened. */
async function readCitizenRecord(scope: CaseScope, caseId: string): Promise<CitizenRecord | null> {
  const row = await inScope(scope, () =>
    db.case.findFirst({
      where: { AND: [{ id: caseId }, writeCaseScope(scope)] },
      select: {
        unitId: true,
        state: true,
        watchUntil: true,
        incidentAt: true,
        locale: true,
        erasedAt: true,
        ...OPEN_SELECT,
        evidenceErasedAt: true,
        key: { select: { ...WRAPPED_KEY, proofVersion: true } },
        imeis: { select: { imei: true, isPublic: true }, orderBy: { ordinal: 'asc' } },
        earlierId: true,
        events: { where: { visible: true }, orderBy: { seq: 'desc' } },
      },
    }),
  )
  if (!row) return null
  // The data of an erased case is gone: there is nothing to open.
  const full = scope.kind === 'one' && scope.access === 'full' && row.erasedAt === null
  const key = full ? unwrap(caseId, row.key) : null
  const imeis = row.imeis.map(({ imei }) => imei)
  const isBlocked = stateOf(row.state).block === 'in_force' && row.watchUntil === null
  const waiting = isBlocked ? row.imeis.flatMap(({ imei, isPublic }) => (isPublic ? [] : [imei])) : []
  return {
    unitId: row.unitId,
    incidentAt: row.incidentAt,
    locale: row.locale,
    filesDeletedAt: row.key.proofVersion > 0 ? row.evidenceErasedAt : null,
    earlier: full && row.earlierId !== null ? await numberOfOwn(row.earlierId, caseId) : null,
    events: row.events.map((event) => toCitizenEvent(event, key)),
    phone: full ? { ...openTexts(row), imeis, waiting } : null,
  }
}

/**
 * Returns the number of an earlier case on the phone, which lies outside the scope of the later case. Returns null if the two
 * have neither the contact nor the id number in common, because then the earlier case is another person's.
 */
const numberOfOwn = (id: string, caseId: string) =>
  inScope(systemScope(), async () => {
    const kind = { in: ['contact' as const, 'national_id' as const] }
    const own = await db.blindIndex.findMany({ where: { caseId, kind }, select: { hash: true } })
    const same = { kind, hash: { in: own.map(({ hash }) => hash) } }
    const where = { id, key: { blindIndex: { some: same } } }
    return db.case.findFirst({ where, select: { number: true } })
  })

function toCitizenEvent(
  row: {
    readonly seq: number
    readonly at: Date
    readonly move: string
    readonly from: CitizenEvent['from']
    readonly to: CitizenEvent['to']
    readonly actorKind: string
    readonly actorRole: StaffRole | null
    readonly actorUnitId: string | null
    readonly reasonCode: string | null
    readonly sealed: Uint8Array | null
  },
  key: CaseKey | null,
): CitizenEvent {
  const words = key && row.sealed ? unseal<EventWords>(key, `event:${row.seq}`, row.sealed) : {}
  const { seq, at, from, to, reasonCode } = row
  return {
    seq,
    at,
    move: row.move as EventMove,
    from,
    to,
    ...deciderOf(row),
    reasonCode,
    message: words.message ?? null,
    ...(words.correction && { correction: words.correction }),
  }
}

export const findSecretHash = (
  number: string,
): Promise<{
  readonly id: string
  readonly secretHash: Uint8Array
  readonly locale: string
  readonly erasedAt: Date | null
} | null> =>
  inScope(systemScope(), () =>
    db.case.findFirst({
      where: { number },
      select: { id: true, secretHash: true, locale: true, erasedAt: true },
    }),
  )

export interface CitizenCaseView extends CitizenRecord {
  readonly snapshot: CaseSnapshot
  readonly units: ReadonlyMap<string, PoliceUnit>
  readonly holidays: Holidays
  readonly authority: string
}

export async function caseForCitizen(scope: CaseScope, caseId: string): Promise<CitizenCaseView | null> {
  const [snapshot, record, units, days] = await Promise.all([
    findCase(scope, { id: caseId }),
    readCitizenRecord(scope, caseId),
    policeUnits(),
    holidays(),
  ])
  if (!snapshot || !record) return null
  return {
    ...record,
    ...(record.phone === null ? withoutWatch(snapshot, record.events) : { snapshot }),
    units,
    holidays: days,
    authority: env().AUTHORITY_NAME,
  }
}

/** Opens the sealed data of a case for its person; null without full access, or once it was erased. */
export async function readFileForCitizen(scope: CaseScope, caseId: string): Promise<CaseFile | null> {
  if (scope.kind !== 'one' || scope.access !== 'full') return null
  const found = await findCase(scope, { id: caseId })
  return found?.erasedAt === null ? inScope(scope, () => openCaseFile(found)) : null
}

/** Returns the consent to ask carriers for the phone of a case without an IMEI; `ask`: it was never given. */
export const readLookupConsent = (scope: CaseScope, caseId: string): Promise<'given' | 'ask' | 'withdrawn'> =>
  inScope(scope, async () =>
    (await hasConsent(caseId, 'imei_of_number'))
      ? 'given'
      : (await wasConsentGiven(caseId, 'imei_of_number'))
        ? 'withdrawn'
        : 'ask',
  )

/**
 * Returns the contacts of a case for its person, and the services that they locked before the report; null once the case is
 * erased. A code shows that a contact waits, and nothing else.
 */
export async function readContactsForCitizen(
  scope: CaseScope,
  caseId: string,
  now: Instant,
): Promise<(CaseContacts & { readonly secured: readonly Protection[] }) | null> {
  const found = scope.kind === 'one' ? await findCase(scope, { id: caseId }) : null
  if (scope.kind !== 'one' || found === null || found.erasedAt !== null) return null
  const { particulars } = await inScope(scope, () => openCaseFile(found))
  const waiting = waitingContact(particulars, now)
  const isFull = scope.access === 'full'
  return {
    inForce: isFull ? contactsInForce(particulars, now).map(maskContact) : [],
    waiting: waiting && {
      contact: isFull ? maskContact(waiting) : null,
      inForceAt: new Date(waiting.inForceAt),
    },
    kept: areContactsKept(particulars, now),
    secured: isFull ? (particulars.secured ?? []) : [],
  }
}

/**
 * Returns, for the case's person, the facts that the case does not state yet and the carrier that the prefix of the phone's
 * number belongs to; empty without full access.
 */
export async function readFactsOfPhone(
  scope: CaseScope,
  caseId: string,
  phone: CitizenRecord['phone'],
): Promise<{
  readonly missing: readonly AddedFact[]
  readonly carrier: CarrierHint | null
  /** The formatted number; empty if there is none. */
  readonly number: string
  /** The name of the trusted person who sent the report; null if the case's own person sent it. */
  readonly sentBy: string | null
}> {
  const file = await readFileForCitizen(scope, caseId)
  if (file === null || phone === null) return { missing: [], carrier: null, number: '', sentBy: null }
  const [number] = file.particulars.phoneNumbers
  return {
    missing: missingFacts({ ...file, ...openTexts(phone) }),
    carrier: number === undefined ? null : carrierHint(number as Msisdn),
    number: number === undefined ? '' : formatMobile(number as Msisdn),
    sentBy: file.particulars.sentBy?.name ?? null,
  }
}

/**
 * Returns the number of the active case in which the person reported the phone of an ended case anew; null if there is none, and
 * without full access.
 */
export async function findNumberAnew(scope: CaseScope, caseId: string, now: Instant): Promise<string | null> {
  const file = await readFileForCitizen(scope, caseId)
  if (file === null) return null
  const keys = file.imeis.map(({ key14 }) => key14)
  return inScope(systemScope(), async () => (await findReportedAnew(file, keys, now, null))?.number ?? null)
}

/** Returns the key that seals the files of an act; null without full access. */
export async function findKeyForCitizen(scope: CaseScope, caseId: string): Promise<CaseKey | null> {
  return (await readFileForCitizen(scope, caseId))?.key ?? null
}

/** Returns the key that seals an act, also an act that a code allows; null once the case is erased. */
export async function keyForAct(scope: CaseScope, caseId: string): Promise<CaseKey | null> {
  const found = scope.kind === 'one' ? await findCase(scope, { id: caseId }) : null
  return found?.erasedAt === null ? inScope(scope, async () => (await openCaseFile(found)).key) : null
}
