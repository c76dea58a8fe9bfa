'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { checkPhone } from '#features/check/acts.ts'
import { citizenAction } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { formatImei } from '#lib/imei/imei.ts'

const schema = z.object({ imei: z.string({ error: 'check.empty' }) })

/**
 * Checks one IMEI. It is a post, not a link with the number in it: addresses of pages end up in histories and
 * logs.
 */
export const checkAction = citizenAction({ schema }, async ({ imei }, { now }) => {
  const checked = await checkPhone(imei, clientAddress(await headers()), now)
  if (checked.ok) return { result: { ...checked.value, shown: formatImei(checked.value.imei) } }
  const refusal = checked.error
  return refusal.kind === 'invalid'
    ? { faults: { imei: `check.${refusal.fault}` } }
    : { faults: { form: { fault: 'check.too_often', values: { seconds: refusal.retryAfterSeconds } } } }
})
