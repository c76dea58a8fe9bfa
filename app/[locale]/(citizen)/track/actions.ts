'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import {
  requestStatusCode,
  type Unlocked,
  unlockWithCode,
  unlockWithSecret,
} from '#features/cases/unlock/acts.ts'
import { parseCode } from '#features/cases/unlock/rules.ts'
import { type ActionContext, type ActionOutcome, citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { markAsker, shownAsker } from '#http/asker.ts'
import { enterCase } from '#http/citizen.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { pathFor } from '#messages/paths.ts'
import { findSchema, numberField, readBy } from './find.ts'

const address = async (): Promise<string> => clientAddress(await headers())

export const openCase = citizenAction({ schema: findSchema }, async (input, context) => {
  const unlocked = await unlockWithSecret(
    { number: input.caseNumber, secret: input.caseSecret },
    await address(),
    context.now,
  )
  if (!unlocked.ok) return { faults: { caseSecret: `track.${unlocked.error}` } }
  return enter(unlocked.value, 'full', context)
})

const sendSchema = z.object({ caseNumber: numberField, submitKey: requiredSubmitKey })
/** Sends a code to the confirmed contact, if the case exists. The answer is the same if it does not. */
export const sendCode = citizenAction(
  { schema: sendSchema },
  async ({ caseNumber, submitKey }, { locale, now }) => {
    const request = { number: caseNumber, address: await address(), asker: await markAsker(), submitKey }
    const asked = await requestStatusCode(request, now)
    if (!asked.ok) return { faults: { form: 'track.too_many_codes' } }
    return { to: pathFor(locale, { pathname: '/track/code', query: { number: caseNumber } }) }
  },
)

const codeSchema = z.object({
  caseNumber: numberField,
  contactCode: readBy('code', parseCode),
  submitKey: requiredSubmitKey,
})
export const openCaseStatus = citizenAction({ schema: codeSchema }, async (input, context) => {
  const unlocked = await unlockWithCode(
    {
      number: input.caseNumber,
      code: input.contactCode,
      asker: await shownAsker(),
      submitKey: input.submitKey,
    },
    await address(),
    context.now,
  )
  if (unlocked.ok) return enter(unlocked.value, 'status', context)
  return { faults: { contactCode: unlocked.error === 'too_many' ? 'track.too_many' : 'track.code_wrong' } }
})

async function enter(
  unlocked: Unlocked,
  access: 'full' | 'status',
  { locale, now }: ActionContext,
): Promise<ActionOutcome> {
  await enterCase(unlocked.caseId, access, now)
  return { to: pathFor(locale, { pathname: '/track/[number]', params: { number: unlocked.number } }) }
}
