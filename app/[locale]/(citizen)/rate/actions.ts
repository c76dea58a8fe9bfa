'use server'
import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { z } from 'zod'
import { once } from '#domain/survey/typed.ts'
import { pathFor } from '#messages/paths.ts'
import { citizenAction } from '#server/entry/action.ts'
import { clientAddress } from '#server/entry/address.ts'
import { rate } from '#server/survey/commands/rate.ts'

/** The form as it came: what it may hold is its questionnaire's to say. */
const schema = z.record(z.string(), z.union([z.string(), z.array(z.string())])).transform((typed) => ({
  typed,
  agencyId: once(typed, 'agency'),
  questionnaireVersion: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .catch(0)
    .parse(once(typed, 'questionnaire')),
  // A form without a key was not made by us; it is one rating each time.
  submitKey: z
    .uuid()
    .catch(() => crypto.randomUUID())
    .parse(once(typed, 'submitKey')),
}))

export const rateAction = citizenAction({ schema }, async (sent, { locale, now }) => {
  const sender = {
    kind: 'address',
    address: clientAddress(await headers()),
    issued: once(sent.typed, 'issued'),
    proof: once(sent.typed, 'proof'),
  } as const
  const rated = await rate({ ...sent, sender }, now)
  if (rated.ok) {
    return { to: pathFor(locale, { pathname: '/rate/thanks/[receipt]', params: { receipt: rated.value } }) }
  }
  // With JavaScript the page stands as it was sent: it needs the questions that took the place of its own.
  if (rated.error.kind === 'replaced') refresh()
  if (rated.error.kind === 'limit') {
    const minutes = Math.ceil(rated.error.retryAfterSeconds / 60)
    return { faults: { form: { fault: 'survey.limit', values: { minutes } } } }
  }
  if (rated.error.kind !== 'faults') return { faults: { form: `survey.${rated.error.kind}` } }
  const faults = Object.entries(rated.error.faults).map(([field, fault]) => [field, `survey.${fault}`])
  return { faults: Object.fromEntries(faults) }
})
