import '#server-only'
import { keepSharing } from '#features/alerts/consents/acts.ts'
import { readSharing, type Sharing } from '#features/alerts/consents/rules.ts'
import { openReceivers } from '#features/alerts/receivers/data.ts'
import type { CityAreas } from '#features/areas/data.ts'
import { lockPlaces } from '#features/areas/data.ts'
import { answeringUnit } from '#features/areas/rules.ts'
import { tellOfOwnCase } from '#features/cases/claims/acts.ts'
import { type ActiveCase, findOwnClaims } from '#features/cases/claims/data.ts'
import { receiptUntil } from '#features/cases/clocks/rules.ts'
import type { Contact, Particulars } from '#features/cases/particulars/rules.ts'
import { isClaimConflict, submitCase } from '#features/cases/submission/acts.ts'
import { type CaseSecret, newCaseSecret } from '#features/cases/unlock/rules.ts'
import { listFiled } from '#features/citizens/acts.ts'
import { lockEvidence } from '#features/evidence/files/acts.ts'
import { deviceOf } from '#features/lookup-tables/data.ts'
import { isRecoveryOn } from '#features/recovery/data.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { type IdentityScope, systemScope } from '#lib/access/scope.ts'
import type { KnownDevice } from '#lib/imei/device.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer, sealForCookie } from '#platform/crypto.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { keyFor, onceWithin, runInTransaction } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import {
  cookieHash,
  findSentNumber,
  lockByCookie,
  markReminded,
  type ReportDraft,
  removeDraft,
} from '../drafts/data.ts'
import { contextWith, progressOf, receiptContext } from '../drafts/page-data.ts'
import type { DraftCookie } from '../drafts/rules.ts'
import { openTexts } from '../fields/columns-rules.ts'
import { sealedTexts } from '../fields/rules.ts'
import { CONSENTS, type ConsentField, consentsAsked } from '../steps/consents-rules.ts'
import { describePhone, needsProof } from '../steps/phone-rules.ts'
import type { CompleteReport, Report } from '../steps/report-rules.ts'
import type { ReportStep } from '../steps/rules.ts'

export interface Sending {
  readonly cookie: string
  readonly consents: readonly ConsentField[]
  /** The person wants carriers to watch the phone before it is blocked. */
  readonly watchFirst?: boolean
  /** The ticked banks and wallets, and the number typed beside them. */
  readonly share?: readonly string[]
  readonly shareNumber?: string
  /** The signed-in officer. A report written at the desk can be sent and found only by its own officer. */
  readonly officer: StaffActor | null
  /** The signed-in citizen: the case is added to their list. */
  readonly identity: IdentityScope | null
  readonly locale: 'vi' | 'en'
  /** The trusted person who sends the report for its owner; absent if the owner sends it. */
  readonly sentFor?: {
    readonly by: NonNullable<Particulars['sentBy']>
    /** Version of the consent words that the owner agreed to beforehand. */
    readonly consents: string
    readonly also: (
      tx: Tx,
      made: {
        readonly caseId: string
        readonly number: string
        readonly secret: CaseSecret
      },
    ) => Promise<void>
  }
  readonly now: Instant
}

interface Sent {
  readonly number: string
  /** The person said so; false if the case is found again, because it is no longer known. */
  readonly ownDevice: boolean
}

/** No case was made: the contact already has an active case on the phone, with this number. */
interface Led {
  readonly ledTo: string
}

type SendRefusal =
  | { readonly kind: 'not_found' }
  | { readonly kind: 'incomplete'; readonly step: ReportStep }
  | { readonly kind: 'faults'; readonly faults: Readonly<Record<string, string>> }

/**
 * Turns a draft into a case exactly once, also under repeated and concurrent requests. All requests wait for the lock of the
 * draft's row, which is deleted in the transaction that creates the case; a request that finds no draft therefore finds the case.
 * The sender learns nothing of other people's cases on the phone, but is led to an active case of their own.
 */
export async function sendReport(sending: Sending): Promise<Result<Sent | Led, SendRefusal>> {
  const attempt = () => inScope(systemScope(), () => runInTransaction((tx) => send(tx, sending)))
  try {
    return await attempt().catch((error: unknown) => {
      // Another report took the phone's claim between the read and the write; the second attempt leaves the claim with it.
      if (isClaimConflict(error)) return attempt()
      throw error
    })
  } catch (error) {
    if (uniqueViolation(error) === null) throw error
    const number = await findSentNumber([shown(sending)])
    if (number === null) throw error
    return ok({ number, ownDevice: false })
  }
}

async function send(tx: Tx, s: Sending): Promise<Result<Sent | Led, SendRefusal>> {
  // In this order: it waits for a change of the area edition before it locks a draft.
  const [known, draft] = await Promise.all([lockPlaces(tx), lockByCookie(tx, shown(s), s.now)])
  if (draft === null) {
    const number = await findSentNumber([shown(s)], tx)
    return number === null ? err({ kind: 'not_found' }) : ok({ number, ownDevice: false })
  }
  const { report, incomplete, unconfirmed } = progressOf(draft, contextWith(known, s.now))
  if (!isComplete(report) || incomplete !== 'review') return err({ kind: 'incomplete', step: incomplete })
  const asked = consentsAsked(report.phone)
  const person = { contact: report.contact.contact, nationalId: report.person.nationalId }
  const keys = report.phone.imeis.map((imei) => imei.key)
  const tac = report.phone.imeis[0]?.tac
  const [evidence, own, device] = await Promise.all([
    lockEvidence(tx, draft.id),
    findOwnClaims(tx, person, keys, s.now),
    tac === undefined ? null : deviceOf(tac, tx),
  ])
  const share = s.share?.filter((one) => one !== '') ?? []
  const sharing = readSharing(share, s.shareNumber ?? '', share.length > 0 ? await openReceivers(tx) : [])
  const faults = { ...missing(report, evidence, asked, s), ...(!sharing.ok && sharing.error) }
  if (Object.keys(faults).length > 0) return err({ kind: 'faults', faults })

  if (own.onPhone !== null) {
    await leadTo(tx, draft, own.onPhone, s.now)
    return ok({ ledTo: own.onPhone.number })
  }
  // At the desk an officer has seen who it is.
  if (draft.filedById === null && own.full)
    return err({ kind: 'faults', faults: { imei1: 'report.imei.many_unproven' } })
  const given = CONSENTS.flatMap((consent): { readonly purpose: string; readonly version: string }[] => {
    const isTicked = s.consents.includes(consent.field)
    if (consent.purpose !== 'imei_of_number')
      return isTicked && asked.some(({ field }) => field === consent.field) ? [consent] : []
    if (report.phone.imeis.length > 0) return []
    // A page of the previous release asks for this consent on its last step, in the words of this version.
    return report.phone.lookup ? [consent] : isTicked ? [{ ...consent, version: '2026-11-28' }] : []
  })
  const { other } = report.contact
  const alsoTold = other !== null && !unconfirmed.includes(other) ? other : null
  await makeCase(
    tx,
    draft,
    report,
    {
      consents: given,
      map: known.map,
      evidence,
      device,
      alsoTold,
      sharing: sharing.ok ? sharing.value : null,
    },
    s,
  )
  return ok({ number: draft.number, ownDevice: draft.content.answers.ownDevice === 'on' })
}

/** Notifies the contact of the case that a report led to, once per draft. The draft stays until it expires. */
async function leadTo(tx: Tx, draft: ReportDraft, own: ActiveCase, now: Instant): Promise<void> {
  await onceWithin(tx, keyFor(draft.id, 'led', own.id), 'report.led', now, () => tellOfOwnCase(tx, own, now))
  await markReminded(tx, draft.id, now)
}

const shown = ({ cookie, officer }: Sending): DraftCookie => ({
  value: cookie,
  officerId: officer?.id ?? null,
})

const isComplete = (report: Report): report is CompleteReport =>
  report.incident !== null && report.contact !== null && report.phone !== null && report.person !== null

function missing(
  { phone }: CompleteReport,
  evidence: readonly string[],
  asked: readonly Pick<(typeof CONSENTS)[number], 'field' | 'purpose' | 'required'>[],
  s: Sending,
): Record<string, string> {
  const faults: Record<string, string> = {}
  if (evidence.length === 0 && needsProof(phone)) faults.evidence = 'report.evidence.empty'
  for (const { field, required } of asked) {
    if (required && !s.consents.includes(field)) faults[field] = `report.${field}.empty`
  }
  return faults
}

interface Decided {
  readonly consents: readonly { readonly purpose: string; readonly version: string }[]
  readonly map: CityAreas['map']
  readonly evidence: readonly string[]
  /** The second contact, if it has answered its code. */
  readonly alsoTold: Contact | null
  readonly device: KnownDevice | null
  readonly sharing: Sharing | null
}

async function makeCase(
  tx: Tx,
  draft: ReportDraft,
  report: CompleteReport,
  { consents, map, evidence, device, alsoTold, sharing }: Decided,
  s: Sending,
) {
  const { incident, contact, phone } = report
  const { mismatch, ...described } = describePhone(phone, device)
  const secret = newCaseSecret(randomBuffer)
  const lookup = consents.some(({ purpose }) => purpose === 'imei_of_number')
  const actor: Actor = draft.filedById !== null && s.officer !== null ? s.officer : { kind: 'citizen' }
  await deferInsert(
    tx,
    'consents',
    consents.map(({ purpose, version }) => ({
      ...{ caseId: draft.id, purpose, version: s.sentFor?.consents ?? version, at: s.now },
    })),
  )
  await submitCase(
    tx,
    actor,
    {
      key: draft.key,
      number: draft.number,
      locale: s.locale,
      areaId: incident.district,
      unitId: answeringUnit(map, { areaId: incident.district, unitId: null, place: incident.place }),
      incidentType: incident.incidentType,
      incidentAt: incident.incidentAt,
      ...openTexts({ ...incident, ...phone, ...report.person }),
      ...described,
      device,
      tacMismatch: mismatch,
      imeis: phone.imeis.map(({ imei, key }) => ({ imei, key14: key })),
      particulars: {
        ...particularsOf(report),
        // In force at once: the reporter has answered both codes, so nobody else could object.
        ...(alsoTold && { secondContact: { ...alsoTold, inForceAt: s.now.toISOString() } }),
        ...(s.sentFor && { sentBy: s.sentFor.by }),
      },
      secretHash: keyedHash('case-secret', secret),
      receipt: {
        sealed: sealForCookie(s.cookie, receiptContext(draft.id), { secret, contact: contact.contact }),
        cookieHash: cookieHash(s.cookie),
        until: receiptUntil(s.now),
      },
      filedById: draft.filedById,
      lookup,
      watchFirst: s.watchFirst === true && actor.kind === 'citizen' && isRecoveryOn(),
      evidence,
    },
    s.now,
  )
  if (s.identity !== null && draft.filedById === null) await listFiled(tx, draft.id, s.identity, s.now)
  if (lookup) await enqueue(tx, 'imei-lookup', { caseId: draft.id })
  await s.sentFor?.also(tx, { caseId: draft.id, number: draft.number, secret })
  if (sharing !== null) await keepSharing(tx, actor, draft.key, sharing, s.now)
  await removeDraft(tx, draft.id)
}

const particularsOf = ({ incident, contact, phone, person }: CompleteReport): Particulars => ({
  ...sealedTexts({ ...incident, ...phone, ...person }),
  idKind: person.idKind,
  nationalId: person.nationalId,
  contact: contact.contact,
  phoneNumbers: phone.phoneNumbers,
  ...(incident.secured.length > 0 && { secured: incident.secured }),
})
