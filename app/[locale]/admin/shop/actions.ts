'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { type CheckedLine, checkList, type ListRefusal } from '#features/check/acts.ts'
import { writeShopAddress } from '#features/recovery/leads-acts.ts'
import { sealForSession } from '#http/sealed.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { MAX_LIST_FILE_BYTES } from '#lib/imei/list.ts'
import { formatInstant } from '#messages/dates.ts'

/** Five hundred numbers with a hundred characters each. */
const schema = z.object({ imeis: z.string('general.invalid').max(50_000, 'shop.too_many').default('') })

/** Checks a shop's list of IMEIs. The answers are only in the response's page: no address has them, and they are not stored. */
export const checkListAction = staffAction(
  { schema, permission: 'imei:check_list' },
  async (actor, { imeis }, { form, locale, now }) => {
    const sent = form.get('imeiFile')
    // A picker without a chosen file sends an empty file.
    const file = sent instanceof File && sent.size > 0 ? sent : null
    if (file && file.size > MAX_LIST_FILE_BYTES) return { faults: { imeiFile: 'shop.too_large' } }
    const bytes = file && new Uint8Array(await file.arrayBuffer())
    const checked = await checkList(actor, { text: imeis, file: bytes }, now)
    if (!checked.ok) return refused(checked.error)
    const { lines, remaining } = checked.value
    const [t, rows] = await Promise.all([getTranslations('shop'), rowsOf(lines)])
    const result = {
      at: formatInstant(locale, now, 'moment'),
      remaining: t('remaining', { count: remaining }),
      sealed: (await sealForSession('imei-list', rows)) ?? '',
    }
    return { result, rows }
  },
)

const ANY_FILE = ['no_imei', 'encoding', 'broken']

function refused(refusal: ListRefusal) {
  if (refusal.kind === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (refusal.kind === 'too_often') {
    return { faults: { form: { fault: 'shop.too_often', values: { remaining: refusal.remaining } } } }
  }
  if (ANY_FILE.includes(refusal.kind)) return { faults: { imeiFile: `file.${refusal.kind}` } }
  const field = refusal.kind === 'too_many_rows' ? 'imeiFile' : 'imeis'
  return { faults: { [field]: `shop.${refusal.kind}` } }
}

async function rowsOf(lines: readonly CheckedLine[]) {
  const [t, faults] = await Promise.all([getTranslations('shop'), getTranslations('faults.check')])
  return lines.map(({ written, imei, result, fault, sameAs }) => ({
    ...{ written, imei, result },
    again: sameAs === null ? '' : String(sameAs),
    note: fault ? faults(fault) : sameAs ? t('sameAs', { line: sameAs }) : '',
  }))
}

export const writeShopAddressAction = staffForm(writeShopAddress)
