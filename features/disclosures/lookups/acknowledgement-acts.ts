import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { markSeen } from './data.ts'

type AlertRefusal = 'forbidden' | 'not_found' | 'seen_note_missing' | 'seen_already'

export async function acknowledgeAlert(
  actor: StaffActor,
  input: { readonly alertId: string; readonly note: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, AlertRefusal>> {
  if (!may(actor.role, 'alert:acknowledge')) return err('forbidden')
  const seenNote = input.note.trim()
  if (seenNote === '') return err('seen_note_missing')
  return actOnce<true, AlertRefusal>(input.submitKey, `alert.acknowledge:${actor.id}`, now, async (tx) => {
    const marked = await markSeen(tx, input.alertId, { seenAt: now, seenById: actor.id, seenNote })
    if (marked !== 'done') return err(marked === 'gone' ? 'not_found' : 'seen_already')
    await audit(tx, {
      actor,
      act: 'alert.acknowledge',
      subject: { kind: 'alert', id: input.alertId },
      at: now,
    })
    return ok(true)
  })
}
