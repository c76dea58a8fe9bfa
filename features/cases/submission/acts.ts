import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { queueSentFiles } from '#features/evidence/files/acts.ts'
import type { BlockReason } from '#features/exchange/orders/rules.ts'
import { notify } from '#features/notices/acts.ts'
import { type OpenTexts, openColumns } from '#features/reporting/fields/columns-rules.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { KnownDevice } from '#lib/imei/device.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, caseHash } from '#platform/crypto.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { freeKeys } from '../claims/data.ts'
import { firstActionDue } from '../clocks/rules.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { addEvent } from '../moves/events-data.ts'
import { indexPerson } from '../particulars/acts.ts'
import type { Particulars } from '../particulars/rules.ts'
import { recordOf } from '../record/rules.ts'
import { needsWork } from '../record/state-rules.ts'
import { insertCase, type NewCase } from './data.ts'

interface Submission extends OpenTexts {
  readonly key: CaseKey
  readonly number: string
  readonly locale: string
  /** The area of the incident, and the unit responsible for it. */
  readonly areaId: string
  readonly unitId: string
  readonly incidentType: BlockReason
  readonly incidentAt: Instant
  readonly device: KnownDevice | null
  readonly tacMismatch: boolean
  /** Empty if not known yet; such a case claims no phone. */
  readonly imeis: readonly { readonly imei: string; readonly key14: string }[]
  readonly particulars: Particulars
  readonly secretHash: Uint8Array<ArrayBuffer>
  readonly receipt: {
    readonly sealed: Uint8Array<ArrayBuffer>
    readonly cookieHash: Uint8Array<ArrayBuffer>
    readonly until: Instant
  }
  readonly filedById: string | null
  /** The person agreed that carriers are asked for the phone. */
  readonly lookup?: boolean
  /** The person wants carriers to watch the phone before it is blocked. */
  readonly watchFirst?: boolean
  /** The ids of its files, which are locked. */
  readonly evidence: readonly string[]
}

/**
 * Creates a case from a complete draft: case, phones, blind indexes, first event, audit entry and message, in the caller's
 * transaction. It gets the primary claim on each phone that no other case claims; the person is not told of that. The database
 * refuses it whole (P2002) if the draft was sent already (primary key), or if another case took such a claim at the same moment
 * (`one_primary_claim_a_phone`).
 */
export async function submitCase(tx: Tx, actor: Actor, s: Submission, now: Instant): Promise<void> {
  const id = s.key.caseId
  const row = {
    id,
    number: s.number,
    state: 'submitted',
    locale: s.locale,
    areaId: s.areaId,
    unitId: s.unitId,
    incidentType: s.incidentType as Exclude<BlockReason, 'hold'>,
    incidentAt: s.incidentAt,
    ...openColumns(s),
    tacManufacturer: s.device?.manufacturer ?? null,
    tacModel: s.device?.model ?? null,
    tacMismatch: s.tacMismatch,
    contactKind: s.particulars.contact?.kind ?? null,
    secretHash: s.secretHash,
    receiptSealed: s.receipt.sealed,
    receiptCookieHash: s.receipt.cookieHash,
    receiptUntil: s.receipt.until,
    filedById: s.filedById,
    watchAskedAt: s.watchFirst ? now : null,
    submittedAt: now,
    stateSince: now,
    dueAt: firstActionDue(now),
    needsWork: needsWork('submitted', { held: null, holdUntil: null }),
  } as const satisfies NewCase
  const imeiUnknown = s.imeis.length === 0
  const keys = s.imeis.map(({ key14 }) => key14)
  const contacts = await indexPerson(tx, id, s.particulars)
  const [claimed] = await Promise.all([
    freeKeys(tx, id, keys),
    queueSentFiles(tx, id, { files: s.evidence, contacts }, now),
  ])
  const primaryClaim = !imeiUnknown && claimed.length === s.imeis.length
  await insertCase(tx, s.key, row, s.particulars, s.imeis, claimed)
  const change = { move: 'submitted', from: null, to: 'submitted', reasonCode: null, visible: true } as const
  await addEvent(tx, s.key, { caseId: id, seq: 1, change, actor, words: {}, at: now })
  await audit(tx, {
    actor,
    act: 'case.submit',
    subject: { kind: 'case', id },
    facts: { number: s.number, imeis: s.imeis.length },
    after: caseHash(
      s.key,
      recordOf({ ...row, version: 1, primaryClaim, imeiUnknown }, s.particulars, s.imeis),
    ),
    at: now,
  })
  // A person without a contact has the receipt on paper.
  for (const to of contactsInForce(s.particulars, now))
    await notify(tx, {
      key: s.key,
      to,
      // The usual words promise a check, and say that nothing more is needed.
      template: imeiUnknown ? 'submitted_imei_unknown' : 'submitted',
      locale: s.locale,
      params: { number: s.number, ...(s.lookup && { lookup: 'given' }) },
      at: now,
    })
}

/** Checks whether a write hit another case's primary claim. Prisma names the index, or else its only field. */
export const isClaimConflict = (error: unknown): boolean =>
  ['one_primary_claim_a_phone', 'key14'].includes(uniqueViolation(error) ?? '')
