'use server'
import { z } from 'zod'
import { DISCLOSURE_REASONS } from '#domain/case/disclosure.ts'
import type { FormState } from '#domain/form-state.ts'
import { pathFor } from '#messages/paths.ts'
import { discloseCase } from '#server/cases/commands/disclose.ts'
import { staffAction } from '#server/entry/staff-action.ts'

const disclose = staffAction(
  {
    permission: 'case:disclose',
    schema: z.object({
      number: z.string().max(40, 'general.invalid'),
      submitKey: z.uuid('general.invalid'),
      disclosureReason: z.enum(DISCLOSURE_REASONS, 'disclosure.reason_missing'),
      disclosureNote: z.string().max(1_000, 'disclosure.note_long').default(''),
    }),
  },
  async (actor, { number, submitKey, disclosureReason: reason, disclosureNote: note }, { locale, now }) => {
    const opened = await discloseCase(actor, { number, submitKey, reason, note }, now)
    if (opened.ok) {
      const page = { pathname: '/admin/cases/[number]', params: { number } } as const
      return { to: pathFor(locale, { ...page, query: { done: 'disclose' } }) }
    }
    if (opened.error === 'note_missing') return { faults: { disclosureNote: 'disclosure.note_missing' } }
    return { faults: { form: `case.${opened.error}` } }
  },
)

export async function discloseAction(previous: FormState, form: FormData): Promise<FormState> {
  return disclose(previous, form)
}
