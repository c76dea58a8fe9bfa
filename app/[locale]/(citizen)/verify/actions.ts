'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { readProofCode } from '#features/audit/proofs/code-rules.ts'
import { checkProofCode, checkProofFile } from '#features/audit/proofs/data.ts'
import { LONGEST_STORY_FILE } from '#features/audit/proofs/story-rules.ts'
import { askOfMessage } from '#features/notices/message-codes/acts.ts'
import { verifyReceipt } from '#features/ratings/integrity/acts.ts'
import { findProofState } from '#features/ratings/receipts/data.ts'
import { findSentToHolder } from '#features/recovery/data.ts'
import { citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { siteUrl } from '#http/public-url.ts'
import { formatInstant } from '#messages/dates.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

const schema = z.object({ receipt: z.string({ error: 'survey.verify.empty' }) })

export const verifyAction = citizenAction({ schema }, async ({ receipt }, { now }) => {
  const verified = await verifyReceipt(receipt, clientAddress(await headers()), now)
  if (verified.ok) {
    const { number, standing } = verified.value
    return { result: { number, ...standing, proof: (await findProofState(number)) ?? '' } }
  }
  const refusal = verified.error
  if (refusal.kind !== 'limit') return { faults: { receipt: `survey.verify.${refusal.kind}` } }
  const minutes = Math.ceil(refusal.retryAfterSeconds / 60)
  return { faults: { form: { fault: 'survey.verify.too_often', values: { minutes } } } }
})

const messageSchema = z.object({ askedMessage: z.string({ error: 'message_code.empty' }) })

export const verifyMessageAction = citizenAction(
  { schema: messageSchema },
  async ({ askedMessage }, { locale, now }) => {
    const asked = await askOfMessage(askedMessage, clientAddress(await headers()), now)
    if (!asked.ok) {
      const refusal = asked.error
      if (refusal.kind !== 'limit') return { faults: { askedMessage: `message_code.${refusal.kind}` } }
      const minutes = Math.ceil(refusal.retryAfterSeconds / 60)
      return { faults: { form: { fault: 'message_code.too_often', values: { minutes } } } }
    }
    const { code, hosts, message } = asked.value
    const elsewhere = hosts.some((host) => host !== siteUrl().hostname)
    const state = elsewhere ? 'altered' : 'ours'
    if (message === null) {
      const holder = await findSentToHolder(code, now)
      if (holder === null) return { result: { state: 'unknown', code } }
      const at = formatInstant(locale, holder.at, 'moment')
      return { result: { state, code, way: 'carrier', to: holder.carrier, at } }
    }
    return {
      result: {
        ...{ state, code, way: message.to.kind, to: message.to.end },
        ...{ at: formatInstant(locale, message.at, 'moment'), subject: message.subject },
      },
    }
  },
)

const proofSchema = z.object({ proof: z.string().optional(), proofCode: z.string().optional() })

/** Checks a proof's file, its text, or a receipt's code. A browser that can checks it itself and sends nothing. */
export const verifyProofAction = citizenAction(
  { schema: proofSchema },
  async ({ proof: pasted = '', proofCode: typed = '' }, { now, form }) => {
    const file = form.get('proofFile')
    const chosen = file instanceof File && file.size > 0 ? file : null
    const named = readProofCode(typed)
    const coded = chosen === null && pasted.trim() === ''
    if (coded && !named.ok) return { faults: { proofCode: `audit.code_${named.error}` } }
    const address = clientAddress(await headers())
    const { allowed, retryAfterSeconds } = await withinLimit('audit_address', address, now)
    const minutes = Math.ceil(retryAfterSeconds / 60)
    if (!allowed) return { faults: { form: { fault: 'survey.verify.too_often', values: { minutes } } } }
    if (coded && named.ok) return { result: { proof: await checkProofCode(named.value) } }
    const judged = await checkProofFile(await textOf(chosen, pasted))
    if (judged === null) return { faults: { [chosen ? 'proofFile' : 'proof']: 'audit.proof_format' } }
    return { result: { proof: judged } }
  },
)

/** Returns the text of the chosen file, or else the pasted text. A file longer than any proof is not read. */
const textOf = async (chosen: File | null, pasted: string): Promise<string> => {
  if (chosen === null) return pasted
  return chosen.size <= LONGEST_STORY_FILE ? chosen.text() : ''
}
