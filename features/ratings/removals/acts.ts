import '#server-only'
import { z } from 'zod'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { act, logged, refuseFields } from '#features/audit/act.ts'
import { err, ok } from '#lib/result.ts'
import { localDate } from '#lib/time.ts'
import { lockKioskWeeks, takeOutWeeks } from './data.ts'
import { readRemoval } from './rules.ts'

const text = z.string().default('').catch('')
const dropped = { refuse: 'survey.request_dropped', withdraw: 'survey.request_dropped' } as const

/** Removes an agency's kiosk answers of whole weeks from the figures: no answer names its kiosk. */
export const removingWeeks: Approvable<'survey.kiosk_removal', 'not_found'> = {
  kind: 'survey.kiosk_removal',
  async carryOut({ tx, request: { id, content }, now }) {
    const { published, waiting } = await lockKioskWeeks(tx, content)
    if (published + waiting === 0) return err('not_found')
    await takeOutWeeks(tx, { ...content, id }, published, now)
    return ok({ facts: { agency: content.agencyId, answers: published, from: content.from, to: content.to } })
  },
  logs: ({ id, content }) => ({
    acts: { ask: 'survey.request_asked', ...dropped, confirm: 'survey.kiosk_removed' },
    subject: { kind: 'approval', id },
    facts: { reason: content.reasonVi },
  }),
}

/** Requests the removal of an agency's kiosk answers, for a public reason. Another survey manager confirms it. */
export const askKioskRemoval = act({
  name: 'survey.request_asked',
  once: () => 'survey.ask_kiosk_removal',
  permission: 'survey:manage',
  stepUp: 'work',
  faults: 'survey',
  page: () => ({ pathname: '/admin/survey/exclusions', query: { done: 'removal' } }),
  input: z.object({ agencyId: text, from: text, to: text, reason: text, reasonEn: text }),
  async run({ tx, actor, input: { agencyId, from, to, reason, reasonEn }, now }) {
    const begun = { lte: new Date(localDate(now)) }
    const known = await tx.agency.count({ where: { id: agencyId, versions: { some: { validFrom: begun } } } })
    const read = readRemoval({ agencyId, from, to, reason, reasonEn }, known > 0, now)
    if (!read.ok) return refuseFields(read.error)
    const content = read.value
    const { published, waiting } = await lockKioskWeeks(tx, content)
    if (published + waiting === 0) return refuseFields({ form: 'removal.not_found' })
    const wanted = { subject: `kiosks:${agencyId}`, content }
    const asked = await askApproval(tx, actor, removingWeeks, wanted, now)
    return asked.ok ? logged(asked.value) : refuseFields({ form: 'request.asked' })
  },
})
