'use server'
import { refresh } from 'next/cache'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { retryMessages } from '#features/notices/acts.ts'
import { readGroup } from '#features/notices/rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'

const ALL = 'all'

export const retryMessagesAction = staffAction(
  {
    schema: z.object({
      group: z
        .string('general.invalid')
        .max(100, 'general.invalid')
        .transform((text) => (text === ALL ? ALL : readGroup(text)))
        .refine((group) => group !== null, 'general.invalid'),
      submitKey: requiredSubmitKey,
    }),
    permission: 'message:retry',
    stepUp: true,
  },
  async (actor, { group, submitKey }, { now }) => {
    const done = await retryMessages(actor, { group: group === ALL ? null : group, submitKey }, now)
    // A message that a colleague has resent meanwhile leaves the table.
    refresh()
    if (!done.ok)
      return { faults: { form: done.error === 'forbidden' ? 'sign_in.not_allowed' : 'message.none' } }
    return { done: (await getTranslations('messages'))('done', { count: done.value }) }
  },
)
