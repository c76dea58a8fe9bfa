import '#server-only'
import { z } from 'zod'
import { act, answer, refuse } from '#features/audit/act.ts'
import { markSeen } from './data.ts'

export const acknowledgeAlert = act({
  name: 'alert.acknowledge',
  permission: 'alert:acknowledge',
  faults: 'disclosure',
  page: () => '/admin/audit',
  input: z.object({
    alertId: z.uuid('general.invalid'),
    alertNote: z
      .string('disclosure.seen_note_missing')
      .max(1_000, 'disclosure.note_long')
      .trim()
      .min(1, 'disclosure.seen_note_missing'),
  }),
  subject: {
    lock: async (_, { alertId }) => alertId,
    entry: (id) => ({ subject: { kind: 'alert', id } }),
  },
  async run({ tx, actor, input: { alertId, alertNote }, now }) {
    const marked = await markSeen(tx, alertId, { seenAt: now, seenById: actor.id, seenNote: alertNote })
    if (marked === 'gone') return refuse('not_found')
    return marked === 'seen' ? refuse('seen_already') : answer(true)
  },
})
