import '#server-only'
import { randomUUID } from 'node:crypto'
import { findAgenciesUpTo } from '#features/agencies/data.ts'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { managesSurvey } from '#features/city-report/rules.ts'
import type { WordFaults } from '#features/questionnaires/questions/form-rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { lockKioskWeeks, takeOutWeeks } from './data.ts'
import { readRemoval } from './rules.ts'

const dropped = { refuse: 'survey.request_dropped', withdraw: 'survey.request_dropped' } as const

/**
 * Takes what an agency's kiosks took in some weeks out of the figures. No answer names its kiosk, so that the weeks of the agency
 * are what can be named.
 */
export const kioskRemoval: Approvable<'survey.kiosk_removal', 'gone'> = {
  kind: 'survey.kiosk_removal',
  async carryOut({ tx, request: { id, content }, now }) {
    const { published, waiting } = await lockKioskWeeks(tx, content)
    if (published + waiting === 0) return err('gone')
    await takeOutWeeks(tx, { ...content, id }, published, now)
    return ok({ facts: { agency: content.agencyId, answers: published, from: content.from, to: content.to } })
  },
  logs: ({ id, content }) => ({
    acts: { ask: 'survey.request_asked', ...dropped, confirm: 'survey.kiosk_removed' },
    subject: { kind: 'approval', id },
    facts: { reason: content.reasonVi },
  }),
}

/**
 * Asks that what an agency's kiosks took in some weeks be taken out, for a reason that everybody will read. Nothing happens until
 * another survey manager confirms it.
 */
export async function askKioskRemoval(
  actor: StaffActor,
  { typed, submitKey = randomUUID() }: { readonly typed: RawForm; readonly submitKey?: string },
  now: Instant,
): Promise<Result<string, 'forbidden' | WordFaults>> {
  if (!managesSurvey(actor)) return err('forbidden')
  const agencies = await findAgenciesUpTo(localDate(now))
  const read = readRemoval(typed, new Set(agencies.map(({ id }) => id)), now)
  if (!read.ok) return read
  const content = read.value
  return actOnce<string, WordFaults>(submitKey, 'survey.ask_kiosk_removal', now, async (tx) => {
    const { published, waiting } = await lockKioskWeeks(tx, content)
    if (published + waiting === 0) return err({ form: 'removal.gone' })
    const asked = await askApproval(
      tx,
      actor,
      kioskRemoval,
      { subject: `kiosks:${content.agencyId}`, content },
      now,
    )
    return asked.ok ? asked : err({ form: 'request.asked' })
  })
}
