import '#server-only'
import { endSharing, keepSharing } from '#features/alerts/consents/acts.ts'
import { isShared } from '#features/alerts/consents/data.ts'
import { readSharing, type Sharing, type SharingFaults } from '#features/alerts/consents/rules.ts'
import { openReceivers } from '#features/alerts/receivers/data.ts'
import { isOpenTo } from '#features/disclosures/openings/data.ts'
import { lockEvidence } from '#features/evidence/files/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { mayConsent, takeConsent } from '../citizen/acts.ts'
import { type CaseDeskAct, OPENED_ACTS } from '../citizen/rules.ts'
import { readGivenImeis } from '../imeis/acts.ts'
import type { GivenImei } from '../imeis/rules.ts'
import { moveCase } from '../moves/acts.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { findCase } from '../record/data.ts'
import { isClaimConflict } from '../submission/acts.ts'

export interface DeskActInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly act: CaseDeskAct
  readonly message: string
  /** The number that `add_imei` adds. */
  readonly imei?: GivenImei | null
  /**
   * The banks and wallets of `tell_banks`, and the place of the number among those of the report, from 0. A number that the report
   * does not have could be another person's, whose accounts would be locked.
   */
  readonly share?: readonly string[]
  readonly shareNumber?: number | undefined
}

/** `unseen`: the officer has not opened the case, so cannot compare the identity card with it. */
export type DeskActRefusal = CaseRefusal | 'not_found' | 'unseen' | { readonly faults: SharingFaults }

/**
 * Records what a citizen who came to police says or asks for, at most once per `submitKey`. The contact of the case is told, as
 * for an act on the page.
 */
export async function recordDeskAct(
  actor: StaffReader,
  { number, version, submitKey, act, message, ...given }: DeskActInput,
  now: Instant,
): Promise<Result<true, DeskActRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  const text = message.trim()
  if (text === '') return err('text_missing')
  const attempt = () =>
    inScope(scope, () =>
      actOnce<true, DeskActRefusal>(submitKey, `case.desk:${actor.id}`, now, async (tx) => {
        const c = await findCase(scope, { number }, tx)
        if (!c) return err('not_found')
        if (OPENED_ACTS.includes(act) && !(await isOpenTo(actor, c.id, now, tx))) return err('unseen')
        if (!(await mayConsent(tx, act, c.id))) return err('wrong_state')
        if (act === 'stop_banks' && !(await isShared(tx, c.id))) return err('wrong_state')
        const imeis = act === 'add_imei' ? await readGivenImeis(tx, c.id, given.imei, 'police') : null
        if (imeis && !imeis.ok) return imeis
        if (imeis && (await lockEvidence(tx, c.id)).length === 0) return err('no_proof')
        const file = await openCaseFile(c, tx)
        const sharing =
          act === 'tell_banks' ? await readShare(tx, file.particulars.phoneNumbers, given) : null
        if (sharing && !sharing.ok) return err({ faults: sharing.error })
        // The usual words say that somebody has the secret.
        const told = act === 'withdraw' ? { template: 'withdraw_at_desk' as const } : {}
        const moved = await moveCase(
          tx,
          scope,
          actor,
          { caseId: c.id, version, move: act, text, ...(imeis && { imeis: imeis.value }), ...told },
          now,
        )
        if (!moved.ok) return moved
        await takeConsent(tx, act, c.id, now)
        if (sharing) await keepSharing(tx, actor, file.key, sharing.value, now)
        if (act === 'stop_banks') await endSharing(tx, actor, { caseId: c.id }, now)
        return ok(true)
      }),
    )
  return attempt().catch((error: unknown) => {
    // Another case took the phone's claim between this read and this write: the second try leaves it there.
    if (isClaimConflict(error)) return attempt()
    throw error
  })
}

/** Reads the chosen receivers, and the number by its place in the report. */
async function readShare(
  tx: Tx,
  numbers: readonly string[],
  { share = [], shareNumber = 0 }: Pick<DeskActInput, 'share' | 'shareNumber'>,
): Promise<Result<Sharing, SharingFaults>> {
  const read = readSharing(share, numbers[shareNumber] ?? '', await openReceivers(tx))
  if (!read.ok) return read
  return read.value === null ? err({ share: 'alerts.none_chosen' }) : ok(read.value)
}
