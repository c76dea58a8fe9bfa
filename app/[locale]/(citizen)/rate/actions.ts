'use server'
import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { INVITATION_PARAMETER } from '#features/ratings/invitations/rules.ts'
import { type RatingRefusal, rate } from '#features/ratings/rating/acts.ts'
import { CHANNEL_PARAMETER, parseChannel } from '#features/ratings/rating/rules.ts'
import { type ActionOutcome, citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { lastValue } from '#lib/raw-form.ts'
import { pathFor } from '#messages/paths.ts'
import { sentForm } from './sent-form.ts'

export const rateAction = citizenAction({ schema: sentForm }, async (sent, context) => {
  // A kiosk's device signs its answers by script, and sends them to /api/kiosk.
  if (lastValue(sent.typed, 'kiosk') !== '') return { faults: { form: 'survey.kiosk.unsigned' } }
  const token = lastValue(sent.typed, INVITATION_PARAMETER)
  const sender =
    token === ''
      ? ({
          kind: 'address',
          address: clientAddress(await headers()),
          issued: lastValue(sent.typed, 'issued'),
          proof: lastValue(sent.typed, 'proof'),
        } as const)
      : ({ kind: 'invitation', token } as const)
  const channel = parseChannel(lastValue(sent.typed, CHANNEL_PARAMETER))
  const rated = await rate({ ...sent, sender, channel }, context.now)
  if (!rated.ok) return refused(rated.error)
  const params = { receipt: rated.value }
  return { to: pathFor(context.locale, { pathname: '/rate/thanks/[receipt]', params }) }
})

function refused(refusal: RatingRefusal): ActionOutcome {
  if (refusal.kind === 'limit') {
    const minutes = Math.ceil(refusal.retryAfterSeconds / 60)
    return { faults: { form: { fault: 'survey.limit', values: { minutes } } } }
  }
  if (refusal.kind === 'invitation') return { faults: { form: `survey.invitation.${refusal.standing}` } }
  // With a script the page stays after sending, so it has to load the new questions.
  if (refusal.kind === 'replaced') refresh()
  if (refusal.kind !== 'faults') return { faults: { form: `survey.${refusal.kind}` } }
  const faults = Object.entries(refusal.faults).map(([field, fault]) => [field, `survey.${fault}`])
  return { faults: Object.fromEntries(faults) }
}
