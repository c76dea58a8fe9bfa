'use server'
import { z } from 'zod'
import {
  addFound,
  type CloseRefusal,
  closeUnclaimed,
  confirmUpload,
  returnPhone,
} from '#features/cases/found/acts.ts'
import { findKeptPhone } from '#features/cases/found/page-data.ts'
import { FOUND_FIELDS, type FoundField } from '#features/cases/found/rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const text = z.string().max(2_000, 'found.too_long').default('')
const typed = z.object(
  Object.fromEntries(FOUND_FIELDS.map((field) => [field, text])) as Record<FoundField, typeof text>,
)

const phonePage = (phone: string, query: Record<string, string> = {}) =>
  ({ pathname: '/admin/found/[phone]', params: { phone }, query }) as const

export const addFoundAction = staffAction(
  { schema: typed.extend({ submitKey: requiredSubmitKey }), permission: 'found:manage' },
  async (actor, { submitKey, ...phone }, { locale, now }) => {
    const added = await addFound(actor, { typed: phone, submitKey }, now)
    if (added.ok) {
      // The next phone of a pile was found and is kept where this one was.
      const { foundOn, foundPlace, custody } = phone
      const query = { added: added.value, foundOn, foundPlace, custody }
      return { to: pathFor(locale, { pathname: '/admin/found', query }) }
    }
    if (added.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    if (added.error === 'kept') {
      const known = await findKeptPhone(actor, phone.imei)
      return known ? { to: pathFor(locale, phonePage(known.id)) } : { faults: { imei: 'found.kept' } }
    }
    return {
      faults: Object.fromEntries(
        Object.entries(added.error).map(([field, fault]) => [field, `found.${fault}`]),
      ),
    }
  },
)

export const confirmUploadAction = staffAction(
  {
    schema: z.object({ submitKey: requiredSubmitKey, uploadId: z.uuid('general.invalid') }),
    permission: 'found:manage',
  },
  async (actor, input, { locale, now }) => {
    const added = await confirmUpload(actor, input, now)
    if (!added.ok) return { faults: { form: added.error === 'gone' ? 'found.gone' : 'sign_in.not_allowed' } }
    const query = { uploaded: String(added.value) }
    return { to: pathFor(locale, { pathname: '/admin/found', query }) }
  },
)

const TOLD: readonly CloseRefusal[] = ['not_matched', 'not_approved', 'held', 'wrong_id', 'closed', 'matched']
const faultOf = (refusal: CloseRefusal) => ({
  faults: {
    [refusal === 'wrong_id' ? 'nationalId' : 'form']: TOLD.includes(refusal)
      ? `found.${refusal}`
      : 'found.other',
  },
})
const close = z.object({ submitKey: requiredSubmitKey, phoneId: z.uuid('general.invalid') })

export const returnPhoneAction = staffAction(
  { schema: close.extend({ nationalId: z.string().max(40, 'found.wrong_id') }), permission: 'found:manage' },
  async (actor, input, { locale, now }) => {
    const done = await returnPhone(actor, input, now)
    return done.ok
      ? { to: pathFor(locale, phonePage(input.phoneId, { done: 'returned' })) }
      : faultOf(done.error)
  },
)

export const closeUnclaimedAction = staffAction(
  { schema: close, permission: 'found:manage' },
  async (actor, input, { locale, now }) => {
    const done = await closeUnclaimed(actor, input, now)
    return done.ok
      ? { to: pathFor(locale, phonePage(input.phoneId, { done: 'closed' })) }
      : faultOf(done.error)
  },
)
