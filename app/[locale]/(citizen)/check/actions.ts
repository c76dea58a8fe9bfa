'use server'
import { headers } from 'next/headers'
import { z } from 'zod'
import { checkPhone } from '#features/check/acts.ts'
import { citizenAction, type Fault } from '#http/action.ts'
import { clientAddress } from '#http/address.ts'
import { keepWatching } from '#http/watch.ts'
import { formatImei, parseImei } from '#lib/imei/imei.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'

const schema = z.object({ imei: z.string({ error: 'check.empty' }), imei2: z.string().catch('') })

/**
 * Checks one IMEI, or both of a phone with two slots. It is a POST, because the address of a link ends up in histories and logs.
 */
export const checkAction = citizenAction({ schema }, async ({ imei, imei2 }, { locale, now }) => {
  const address = clientAddress(await headers())
  const asked = imei2.trim() === '' ? { imei } : { imei, imei2 }
  const answers = await Promise.all(
    Object.entries(asked).map(async ([field, written]) => ({
      field,
      checked: await checkPhone(written, address, now),
    })),
  )
  const faults: Record<string, Fault> = {}
  const rows: Record<string, string>[] = []
  for (const { field, checked } of answers) {
    if (checked.ok) rows.push({ ...checked.value, shown: formatImei(checked.value.imei) })
    else if (checked.error.kind === 'invalid') faults[field] = `check.${checked.error.fault}`
    else faults.form = { fault: 'check.too_often', values: { seconds: checked.error.retryAfterSeconds } }
  }
  const [first, second] = rows
  if (!first || Object.keys(faults).length > 0) return { faults }
  // The worse of the two answers counts for the phone.
  const worse = second?.result === 'reported' ? second : first
  return {
    result: { ...first, result: worse.result ?? '', at: formatInstant(locale, now, 'moment') },
    rows: second && second.imei !== first.imei ? rows : [first],
  }
})

const watchSchema = z.object({ watchImei1: z.string().catch(''), watchImei2: z.string().catch('') })

/** Redirects to the page that asks for a contact. The numbers travel in a cookie, not in the address. */
export const beginWatchAction = citizenAction({ schema: watchSchema }, async (form, { locale, now }) => {
  const imeis = [form.watchImei1, form.watchImei2].flatMap((written) => {
    const read = parseImei(written)
    return read.ok ? [read.value.imei] : []
  })
  await keepWatching({ imeis, proven: false }, now)
  return { to: pathFor(locale, '/check/watch') }
})
