'use server'
import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import type { z } from 'zod'
import { type RatingRefusal, rate } from '#features/ratings/commands/rate.ts'
import { rateAtKiosk } from '#features/ratings/commands/rate-at-kiosk.ts'
import { type ActionContext, citizenAction, type Outcome } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { lastValue } from '#lib/raw-form.ts'
import { pathFor } from '#messages/paths.ts'
import { sentForm } from './sent-form.ts'

export const rateAction = citizenAction({ schema: sentForm }, async (sent, context) => {
  if (lastValue(sent.typed, 'kiosk') !== '') return atKiosk(sent, context)
  const sender = {
    kind: 'address',
    address: clientAddress(await headers()),
    issued: lastValue(sent.typed, 'issued'),
    proof: lastValue(sent.typed, 'proof'),
  } as const
  const rated = await rate({ ...sent, sender }, context.now)
  if (!rated.ok) return refused(rated.error)
  const params = { receipt: rated.value }
  return { to: pathFor(context.locale, { pathname: '/rate/thanks/[receipt]', params }) }
})

/**
 * Records the answers of a kiosk's plain form, which is sent without a script, and leads back to the kiosk's
 * start.
 */
async function atKiosk(sent: z.output<typeof sentForm>, { locale, now }: ActionContext): Promise<Outcome> {
  const rated = await rateAtKiosk(sent, now)
  if (rated.ok) {
    const query = {
      kiosk: lastValue(sent.typed, 'kiosk'),
      sent: '1',
      home: lastValue(sent.typed, 'home') || undefined,
    }
    return { to: pathFor(locale, { pathname: '/rate/[agency]', params: { agency: sent.agencyId }, query }) }
  }
  if (rated.error.kind === 'kiosk') return { faults: { form: `survey.kiosk.${rated.error.refusal}` } }
  return refused(rated.error)
}

function refused(refusal: RatingRefusal): Outcome {
  if (refusal.kind === 'limit') {
    const minutes = Math.ceil(refusal.retryAfterSeconds / 60)
    return { faults: { form: { fault: 'survey.limit', values: { minutes } } } }
  }
  // Where scripts run, the page stays after sending: it has to load the questions that replaced its own.
  if (refusal.kind === 'replaced') refresh()
  if (refusal.kind !== 'faults') return { faults: { form: `survey.${refusal.kind}` } }
  const faults = Object.entries(refusal.faults).map(([field, fault]) => [field, `survey.${fault}`])
  return { faults: Object.fromEntries(faults) }
}
