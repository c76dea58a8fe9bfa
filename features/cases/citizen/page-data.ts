import '#server-only'
import { type PoliceUnit, policeUnits } from '#features/areas/data.ts'
import type { Protection } from '#features/first-hour/rules.ts'
import { holidays } from '#features/lookup-tables/queries.ts'
import { openTexts } from '#features/reporting/fields/columns-rules.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { type CarrierHint, carrierHint, formatMobile, type Msisdn } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { reportedAnew } from '../claims/own-data.ts'
import type { Holidays } from '../clocks/rules.ts'
import {
  areContactsKept,
  type CaseContacts,
  contactsInForce,
  maskContact,
  waitingContact,
} from '../contacts/rules.ts'
import { type CaseFile, openFile } from '../particulars/data.ts'
import { find, hasConsent, wasConsentGiven } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { type AddedFact, missingFacts } from './added-facts-rules.ts'
import { type CitizenRecord, citizenRecord } from './data.ts'

export interface CitizenCaseView extends CitizenRecord {
  readonly snapshot: CaseSnapshot
  /** Every unit, by id: whose people acted, and who has the case. */
  readonly units: ReadonlyMap<string, PoliceUnit>
  readonly holidays: Holidays
  /** The telecom authority's present name. */
  readonly authority: string
}

/**
 * Returns everything that the citizen's page shows of their case, as far as their access goes; null where it is gone.
 */
export async function caseForCitizen(scope: CaseScope, caseId: string): Promise<CitizenCaseView | null> {
  const [snapshot, record, units, days] = await Promise.all([
    find(scope, { id: caseId }),
    citizenRecord(scope, caseId),
    policeUnits(),
    holidays(),
  ])
  if (!snapshot || !record) return null
  return {
    ...record,
    snapshot,
    units,
    holidays: days,
    authority: env().AUTHORITY_NAME,
  }
}

/** Returns the sealed data of a case, opened for its person; null without full access, or once it was erased. */
export async function fileForCitizen(scope: CaseScope, caseId: string): Promise<CaseFile | null> {
  if (scope.kind !== 'one' || scope.access !== 'full') return null
  const found = await find(scope, { id: caseId })
  return found?.erasedAt === null ? inScope(scope, () => openFile(found)) : null
}

/** Tells whether carriers may be asked for the phone of a case without an IMEI: `ask` where nobody has agreed to it. */
export const lookupConsent = (scope: CaseScope, caseId: string): Promise<'given' | 'ask' | 'withdrawn'> =>
  inScope(scope, async () =>
    (await hasConsent(caseId, 'imei_of_number'))
      ? 'given'
      : (await wasConsentGiven(caseId, 'imei_of_number'))
        ? 'withdrawn'
        : 'ask',
  )

/**
 * Returns the contacts of a case for its person, and what they locked before they reported; null where it is gone. A code shows
 * that a contact waits, and nothing else.
 */
export async function contactsForCitizen(
  scope: CaseScope,
  caseId: string,
  now: Instant,
): Promise<(CaseContacts & { readonly secured: readonly Protection[] }) | null> {
  const found = scope.kind === 'one' ? await find(scope, { id: caseId }) : null
  if (scope.kind !== 'one' || found === null || found.erasedAt !== null) return null
  const { particulars } = await inScope(scope, () => openFile(found))
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
 * Returns the facts that a case does not state yet, and the carrier by the code of the number that was in the phone, for its
 * person; nothing without full access.
 */
export async function factsOfPhone(
  scope: CaseScope,
  caseId: string,
  phone: CitizenRecord['phone'],
): Promise<{
  readonly missing: readonly AddedFact[]
  readonly carrier: CarrierHint | null
  /** The number, as it is written; empty where there is none. */
  readonly number: string
}> {
  const file = await fileForCitizen(scope, caseId)
  if (file === null || phone === null) return { missing: [], carrier: null, number: '' }
  const [number] = file.particulars.phoneNumbers
  return {
    missing: missingFacts({ ...file, ...openTexts(phone) }),
    carrier: number === undefined ? null : carrierHint(number as Msisdn),
    number: number === undefined ? '' : formatMobile(number as Msisdn),
  }
}

/**
 * Returns the number of the active case with which the person of a case that is over has reported its phone anew; null
 * where there is none, and without full access.
 */
export async function anewOf(scope: CaseScope, caseId: string, now: Instant): Promise<string | null> {
  const file = await fileForCitizen(scope, caseId)
  if (file === null) return null
  const keys = file.imeis.map(({ key14 }) => key14)
  return inScope(systemScope(), async () => (await reportedAnew(file, keys, now, null))?.number ?? null)
}

/** Returns the key under which files that come with an act are sealed; null without full access. */
export async function keyForCitizen(scope: CaseScope, caseId: string): Promise<CaseKey | null> {
  return (await fileForCitizen(scope, caseId))?.key ?? null
}

/** Returns the key under which an act is written, also one for which a code is enough; null once the case is erased. */
export async function keyForAct(scope: CaseScope, caseId: string): Promise<CaseKey | null> {
  const found = scope.kind === 'one' ? await find(scope, { id: caseId }) : null
  return found?.erasedAt === null ? inScope(scope, async () => (await openFile(found)).key) : null
}
