'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { citizenAction } from '#server/entry/action.ts'
import { clientAddress } from '#server/entry/address.ts'
import { verifyReceipt } from '#server/survey/commands/verify.ts'

const schema = z.object({ receipt: z.string({ error: 'survey.verify.empty' }) })

export const verifyAction = citizenAction({ schema }, async ({ receipt }, { now }) => {
  const verified = await verifyReceipt(receipt, clientAddress(await headers()), now)
  if (verified.ok) return { result: { number: verified.value.number, ...verified.value.standing } }
  const refusal = verified.error
  if (refusal.kind !== 'limit') return { faults: { receipt: `survey.verify.${refusal.kind}` } }
  const minutes = Math.ceil(refusal.retryAfterSeconds / 60)
  return { faults: { form: { fault: 'survey.verify.too_often', values: { minutes } } } }
})
