'use server'
import { z } from 'zod'
import { acknowledgeAlert } from '#features/disclosures/lookups/acknowledgement-acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { type AuditQuery, readAuditQuery } from './query.ts'

export const acknowledgeAction = staffAction(
  {
    permission: 'alert:acknowledge',
    schema: z.object({
      alertId: z.uuid('general.invalid'),
      submitKey: requiredSubmitKey,
      alertNote: z.string('disclosure.seen_note_missing').max(1_000, 'disclosure.note_long'),
    }),
  },
  async (actor, { alertNote: note, ...input }, { locale, now }) => {
    const done = await acknowledgeAlert(actor, { ...input, note }, now)
    if (done.ok) return { to: pathFor(locale, '/admin/audit') }
    if (done.error === 'seen_note_missing') return { faults: { alertNote: 'disclosure.seen_note_missing' } }
    if (done.error === 'seen_already') return { faults: { form: 'disclosure.seen_already' } }
    return { faults: { form: 'general.invalid' } }
  },
)

/** Checks the code before a download, which is a link and carries no code. */
export const listStepUpAction = staffAction(
  { schema: z.record(z.string(), z.unknown()), permission: 'audit:read', stepUp: 'file' },
  async (_actor, sent, { locale }) => ({
    to: pathFor(locale, { pathname: '/admin/audit', query: readAuditQuery(sent as AuditQuery).asked }),
  }),
)
