'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { unitsInForce } from '#features/areas/data.ts'
import { readMessage } from '#features/notices/message-codes/rules.ts'
import { choosePost } from '#features/recovery/acts.ts'
import { isRecoveryOn } from '#features/recovery/data.ts'
import { citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { missingPath, pathFor } from '#messages/paths.ts'

const page = (code: string) => ({ pathname: '/hand-in/[code]', params: { code } }) as const

const codeSchema = z.object({ holderCode: z.string().catch('') })
/** Redirects to the page of a code, which says whether the code is valid. */
export const openCodeAction = citizenAction({ schema: codeSchema }, async ({ holderCode }, { locale }) => {
  if (!isRecoveryOn()) return { to: missingPath(locale) }
  const read = readMessage(holderCode)
  if (!read.ok) return { faults: { holderCode: `recovery.code_${read.error}` } }
  return { to: pathFor(locale, page(read.value.code)) }
})

const postSchema = z.object({
  holderCode: z.string().catch(''),
  unitId: z.string().catch(''),
  submitKey: requiredSubmitKey,
})
export const choosePostAction = citizenAction(
  { schema: postSchema },
  async ({ holderCode, unitId, submitKey }, { locale, now }) => {
    if (!isRecoveryOn()) return { to: missingPath(locale) }
    const posts = (await unitsInForce()).map(({ id }) => id)
    const input = { code: holderCode, unitId, submitKey }
    const chosen = await choosePost(input, posts, clientAddress(await headers()), now)
    if (chosen.ok) return { to: pathFor(locale, page(holderCode)) }
    if (typeof chosen.error === 'object')
      return { faults: { form: { fault: 'recovery.too_often', values: chosen.error } } }
    return chosen.error === 'post'
      ? { faults: { unitId: 'recovery.post' } }
      : { faults: { form: `recovery.code_${chosen.error}` } }
  },
)
