'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { LONGEST_PROOF, readProof } from '#domain/audit/proof.ts'
import { judge } from '#server/audit/loaders/judge.ts'
import { citizenAction } from '#server/entry/action.ts'
import { clientAddress } from '#server/entry/address.ts'
import { withinLimit } from '#server/limits/commands.ts'
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

const proofSchema = z.object({ proof: z.string().optional() })

/** A proof's file, or its text; a browser that can does the same by itself and sends nothing. */
export const verifyProofAction = citizenAction(
  { schema: proofSchema },
  async ({ proof: typed = '' }, { now, form }) => {
    const file = form.get('proofFile')
    const chosen = file instanceof File && file.size > 0 ? file : null
    const text = chosen && chosen.size <= LONGEST_PROOF ? await chosen.text() : typed
    if (text.trim() === '' && !chosen) return { faults: { proofFile: 'audit.proof_empty' } }
    const { allowed, retryAfterSeconds } = await withinLimit(
      'audit_address',
      clientAddress(await headers()),
      now,
    )
    const minutes = Math.ceil(retryAfterSeconds / 60)
    if (!allowed) return { faults: { form: { fault: 'survey.verify.too_often', values: { minutes } } } }
    const proof = readProof(text)
    if (proof === null) return { faults: { [chosen ? 'proofFile' : 'proof']: 'audit.proof_format' } }
    return { result: { proof: await judge(proof), index: String(proof.index), size: String(proof.size) } }
  },
)
