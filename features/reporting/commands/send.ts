import '#server-only'
import { lockPlaces } from '#features/areas/commands.ts'
import type { Places } from '#features/areas/queries.ts'
import { answeringUnit } from '#features/areas/rules/succession.ts'
import { isClaimConflict, submitCase } from '#features/cases/commands/submit.ts'
import { claimedKeys, claimTaken } from '#features/cases/queries/blocking.ts'
import { receiptUntil } from '#features/cases/rules/clocks.ts'
import { newCaseSecret } from '#features/cases/rules/secret.ts'
import { listFiled } from '#features/citizens/commands/list.ts'
import { lockEvidence } from '#features/evidence/commands.ts'
import { deviceOf } from '#features/lookup-tables/queries.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { type IdentityScope, systemScope } from '#lib/access/scope.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer, sealForCookie } from '#platform/crypto.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { contextWith, progressOf, receiptContext, reportContext } from '../queries.ts'
import * as repository from '../repository.ts'
import { CONSENTS, type ConsentField, consentsAsked } from '../rules/consents.ts'
import type { DraftCookie } from '../rules/draft-cookie.ts'
import { describePhone, needsProof } from '../rules/phone-step.ts'
import { type CompleteReport, particularsOf, type Report } from '../rules/report.ts'
import type { Step } from '../rules/steps.ts'

export interface Sending {
  /** The key of the browser's draft, or of the report it has sent. */
  readonly cookie: string
  readonly consents: readonly ConsentField[]
  /** Against another person's claim, knowingly. Where there is none (any more), the report is an ordinary one. */
  readonly counterclaim: boolean
  /**
   * The officer who is signed in: a report written down at the desk is sent by its own officer, and found by nobody
   * else.
   */
  readonly officer: StaffActor | null
  /** The citizen who is signed in: the case will stand in their list. */
  readonly identity: IdentityScope | null
  readonly locale: 'vi' | 'en'
  readonly now: Instant
}

export interface Sent {
  readonly number: string
  /** The person said so; not known (any more) where the case is found again. */
  readonly ownDevice: boolean
}

export type SendRefusal =
  | { readonly kind: 'gone' }
  | { readonly kind: 'incomplete'; readonly step: Step }
  | { readonly kind: 'faults'; readonly faults: Readonly<Record<string, string | ClaimFault>> }

/** The words say which IMEI it is: the field beside which they stand is always the first. */
interface ClaimFault {
  readonly fault: string
  readonly values: Readonly<Record<string, string>>
  readonly named: true
}

/**
 * Makes a case of a draft: once, however often and however much at once it is asked to. All
 * requests wait for the draft's row; it goes in the transaction in which the case comes. So a request that finds no row finds
 * the case.
 */
export async function sendReport(sending: Sending): Promise<Result<Sent, SendRefusal>> {
  try {
    return await inScope(systemScope(), () => runInTransaction((tx) => send(tx, sending)))
  } catch (error) {
    if (isClaimConflict(error)) return claimed(sending)
    if (uniqueViolation(error) === null) throw error
    const number = await repository.sentWith([shown(sending)])
    if (number === null) throw error
    return ok({ number, ownDevice: false })
  }
}

async function send(tx: Tx, s: Sending): Promise<Result<Sent, SendRefusal>> {
  // First of all, so that a switch of the edition is waited for before a draft is locked.
  const known = await lockPlaces(tx)
  const draft = await repository.lockByCookie(tx, shown(s), s.now)
  if (draft === null) {
    const number = await repository.sentWith([shown(s)], tx)
    return number === null ? err({ kind: 'gone' }) : ok({ number, ownDevice: false })
  }
  const { report, incomplete } = progressOf(draft, contextWith(known, s.now))
  if (!isComplete(report) || incomplete !== 'review') return err({ kind: 'incomplete', step: incomplete })
  const asked = consentsAsked(report.phone)
  const evidence = await lockEvidence(tx, draft.id)
  const faults = missing(report, evidence, asked, s)
  if (Object.keys(faults).length > 0) return err({ kind: 'faults', faults })

  // Where it is not said, the database refuses a second claim.
  const keys = report.phone.imeis.map((imei) => imei.key)
  const counterclaim = s.counterclaim && keys.length > 0 && (await claimTaken(tx, draft.id, keys))
  const given = CONSENTS.flatMap((consent): { readonly purpose: string; readonly version: string }[] => {
    const isTicked = s.consents.includes(consent.field)
    if (consent.purpose !== 'imei_of_number')
      return isTicked && asked.some(({ field }) => field === consent.field) ? [consent] : []
    if (report.phone.imeis.length > 0) return []
    // A page of the release before asks for it last, in other words.
    return report.phone.lookup ? [consent] : isTicked ? [{ ...consent, version: '2026-11-28' }] : []
  })
  await makeCase(tx, draft, report, { counterclaim, consents: given, map: known.map, evidence }, s)
  return ok({ number: draft.number, ownDevice: draft.content.answers.ownDevice === 'on' })
}

/**
 * Refuses a draft because another person has claimed IMEIs of it: names one, as it was typed, and nothing of who has.
 */
async function claimed(s: Sending): Promise<Result<never, SendRefusal>> {
  const context = await reportContext(s.now)
  const imeis = await repository.draftTransaction(async (tx) => {
    const draft = await repository.lockByCookie(tx, shown(s), s.now)
    const typed = (draft && progressOf(draft, context).report.phone?.imeis) ?? []
    const keys = draft
      ? await claimedKeys(
          tx,
          draft.id,
          typed.map(({ key }) => key),
        )
      : []
    return typed.filter(({ key }) => keys.includes(key))
  })
  const [imei] = imeis
  const fault = imei && imeis.length === 1 ? 'claimed' : 'claimed_several'
  const values: Record<string, string> = imei ? { imei: formatImei(imei.imei) } : {}
  const imei1 = { fault: `report.imei.${fault}`, values, named: true } as const
  return err({ kind: 'faults', faults: { imei1 } })
}

const shown = ({ cookie, officer }: Sending): DraftCookie => ({
  value: cookie,
  officerId: officer?.id ?? null,
})

const isComplete = (report: Report): report is CompleteReport =>
  report.incident !== null && report.contact !== null && report.phone !== null && report.person !== null

type Consents = readonly Pick<(typeof CONSENTS)[number], 'field' | 'purpose' | 'required'>[]

function missing(
  { phone }: CompleteReport,
  evidence: readonly string[],
  asked: Consents,
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
  readonly counterclaim: boolean
  readonly consents: readonly { readonly purpose: string; readonly version: string }[]
  readonly map: Places['map']
  readonly evidence: readonly string[]
}

async function makeCase(
  tx: Tx,
  draft: repository.Draft,
  report: CompleteReport,
  { counterclaim, consents, map, evidence }: Decided,
  s: Sending,
) {
  const { incident, contact, phone } = report
  const tac = phone.imeis[0]?.tac
  const device = tac === undefined ? null : await deviceOf(tac, tx)
  const { mismatch, ...described } = describePhone(phone, device)
  const secret = newCaseSecret(randomBuffer)
  const lookup = consents.some(({ purpose }) => purpose === 'imei_of_number')
  const actor: Actor = draft.filedById !== null && s.officer !== null ? s.officer : { kind: 'citizen' }
  await repository.insertConsents(
    tx,
    consents.map(({ purpose, version }) => ({ caseId: draft.id, purpose, version, at: s.now })),
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
      ...described,
      colour: phone.colour,
      device,
      tacMismatch: mismatch,
      imeis: phone.imeis.map(({ imei, key }) => ({ imei, key14: key })),
      particulars: particularsOf(report),
      counterclaim,
      secretHash: keyedHash('case-secret', secret),
      receipt: {
        sealed: sealForCookie(s.cookie, receiptContext(draft.id), { secret, contact: contact.contact }),
        cookieHash: repository.cookieHash(s.cookie),
        until: receiptUntil(s.now),
      },
      filedById: draft.filedById,
      lookup,
      evidence,
    },
    s.now,
  )
  if (s.identity !== null && draft.filedById === null) await listFiled(tx, draft.id, s.identity, s.now)
  if (lookup) await enqueue(tx, 'imei-lookup', { caseId: draft.id })
  await repository.remove(tx, draft.id)
}
