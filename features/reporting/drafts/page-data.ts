import '#server-only'
import { type CityAreas, places } from '#features/areas/data.ts'
import { readArea } from '#features/areas/finder-rules.ts'
import type { CaseNumber } from '#features/cases/numbers/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { CaseSecret } from '#features/cases/unlock/rules.ts'
import { findListing } from '#features/citizens/data.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { confirmedContact, draftTransaction, isConfirmed, sentTo } from '#features/drafts/data.ts'
import { countEvidence, listEvidence } from '#features/evidence/files/page-data.ts'
import type { EvidenceItem } from '#features/evidence/files/rules.ts'
import { deviceOf } from '#features/lookup-tables/data.ts'
import { isCodeLost } from '#features/notices/data.ts'
import { citizenScope, type IdentityScope } from '#lib/access/scope.ts'
import type { KnownDevice } from '#lib/imei/device.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unsealForCookie } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { reachesPhones } from '#platform/sms.ts'
import type { DraftFields, Faults } from '../fields/reader-rules.ts'
import {
  firstIncomplete,
  isSameNumber,
  leftFaults,
  type Report,
  type ReportContext,
  readReport,
} from '../steps/report-rules.ts'
import type { AnswerStep, ReportStep } from '../steps/rules.ts'
import { findByCookie, findReceipt, listConfirmedDrafts, type ReportDraft } from './data.ts'
import type { DraftCookie } from './rules.ts'

export interface DraftView {
  readonly number: string
  readonly answers: DraftFields
  readonly faults: Readonly<Record<AnswerStep, Faults>>
  readonly report: Report
  /** The first incomplete step; `review` when the report can be sent. */
  readonly incomplete: ReportStep
  /** The contact is the number of the lost phone. Both pages stay open, so that either can be corrected. */
  readonly sameNumber: boolean
  readonly contactConfirmed: boolean
  /** Contacts that have not answered their code, and whether any of them was sent one. */
  readonly unconfirmed: readonly Contact[]
  readonly codeSent: boolean
  /** True if the newest code is known not to have been sent or not to have arrived. */
  readonly codeNotArrived: boolean
  readonly resumeWith: Contact | null
  readonly device: KnownDevice | null
  readonly evidence: number
  readonly filedAtDesk: boolean
  readonly expiresAt: Instant
}

export async function draftView(cookie: DraftCookie | null, now: Instant): Promise<DraftView | null> {
  const draft = cookie === null ? null : await findByCookie(cookie, now)
  if (draft === null) return null
  const context = await reportContext(now)
  const { report, incomplete, contactConfirmed, unconfirmed } = progressOf(draft, context)
  const { answers } = draft.content
  const tac = report.phone?.imeis[0]?.tac
  return {
    number: draft.number,
    answers,
    faults: {
      incident: leftFaults('incident', answers, context),
      contact: leftFaults('contact', answers, context),
      phone: leftFaults('phone', answers, context),
      person: leftFaults('person', answers, context),
    },
    report,
    incomplete,
    sameNumber: isSameNumber(answers),
    contactConfirmed,
    codeSent: unconfirmed.some(({ value }) => sentTo(draft.content).includes(value)),
    unconfirmed,
    codeNotArrived: !contactConfirmed && (await isCodeLost(draft.id)),
    resumeWith: confirmedContact(draft),
    device: tac === undefined ? null : await deviceOf(tac),
    evidence: await countEvidence(draft.id),
    filedAtDesk: draft.filedById !== null,
    expiresAt: draft.expiresAt,
  }
}

export async function draftsOf(contact: Contact, officerId: string | null, now: Instant) {
  const context = await reportContext(now)
  const drafts = await draftTransaction((tx) =>
    listConfirmedDrafts(tx, contactHash(contact), now, { officerId }),
  )
  return drafts.map((draft) => {
    const { report } = progressOf(draft, context)
    return {
      number: draft.number,
      incidentType: report.incident?.incidentType ?? null,
      startedAt: draft.createdAt,
      expiresAt: draft.expiresAt,
      imeiEnd: report.phone?.imeis[0]?.imei.slice(-4) ?? null,
    }
  })
}

/** Loads what answers are checked against; call it before a transaction, which must not wait for it. */
export const reportContext = async (now: Instant): Promise<ReportContext> => contextWith(await places(), now)

export function contextWith({ named, map }: CityAreas, now: Instant): ReportContext {
  const gazetteer = { areas: [...named.values()], map }
  return { areas: (answer, place) => readArea(answer, place, gazetteer), now, phones: reachesPhones() }
}

/** Reads a draft again from its answers: a rule may have changed since they were typed. */
export function progressOf(draft: Pick<ReportDraft, 'content' | 'contactHash'>, context: ReportContext) {
  const report = readReport(draft.content.answers, context, (one) => isConfirmed(draft.contactHash, one))
  const contact = report.contact?.contact
  // A report without a contact has nothing to confirm.
  const contactConfirmed =
    contact === null || (contact !== undefined && isConfirmed(draft.contactHash, contact))
  const other = report.contact?.other ?? null
  const unconfirmed = [
    ...(contact && !contactConfirmed ? [contact] : []),
    ...(other && draft.content.alsoConfirmed !== other.value ? [other] : []),
  ]
  return { report, contactConfirmed, unconfirmed, incomplete: firstIncomplete(report, contactConfirmed) }
}

export async function draftForEvidence(
  cookie: DraftCookie | null,
  now: Instant,
  tx?: Tx,
): Promise<{ readonly id: string; readonly key: CaseKey } | null> {
  const draft = cookie === null ? null : await findByCookie(cookie, now, tx)
  return draft && { id: draft.id, key: draft.key }
}

export async function draftEvidence(
  cookie: DraftCookie | null,
  now: Instant,
): Promise<readonly EvidenceItem[]> {
  const draft = await draftForEvidence(cookie, now)
  return draft ? listEvidence(citizenScope(draft.id, 'full'), draft.id) : []
}

export type Receipt = NonNullable<Awaited<ReturnType<typeof receiptOf>>>

/** Returns a receipt with its secret, for 24 hours and only for the browser that sent the report; null otherwise. */
export async function receiptOf(number: CaseNumber, cookies: readonly DraftCookie[], now: Instant) {
  const found = await findReceipt(number, cookies, now)
  if (found === null) return null
  const { cookie, receiptSealed, ...receipt } = found
  const opened = unsealForCookie<{ secret: CaseSecret; contact: Contact | null }>(
    cookie,
    receiptContext(receipt.id),
    receiptSealed,
  )
  return opened && { ...receipt, ...opened, number }
}

export const receiptListing = ({ id }: Receipt, reader: IdentityScope | null) =>
  findListing(citizenScope(id, 'full'), id, reader)

export const receiptContext = (caseId: string): string => `receipt:${caseId}`
