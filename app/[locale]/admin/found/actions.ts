'use server'
import { z } from 'zod'
import {
  addFound,
  closeUnclaimed,
  confirmUpload,
  giveToHolder,
  returnPhone,
} from '#features/cases/found/acts.ts'
import { findKeptPhone } from '#features/cases/found/page-data.ts'
import { FOUND_FIELDS, type FoundField } from '#features/cases/found/rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const text = z.string().max(2_000, 'found.too_long').default('')
const typed = z.object(
  Object.fromEntries(FOUND_FIELDS.map((field) => [field, text])) as Record<FoundField, typeof text>,
)

export const addFoundAction = staffAction(
  { schema: typed.extend({ submitKey: requiredSubmitKey }), permission: 'found:manage' },
  async (actor, { submitKey, ...phone }, { locale, now }) => {
    const added = await addFound(actor, { typed: phone, submitKey }, now)
    if (added.ok) {
      // Phones of one batch share date, place and custody.
      const { foundOn, foundPlace, custody } = phone
      const query = { added: added.value, foundOn, foundPlace, custody }
      return { to: pathFor(locale, { pathname: '/admin/found', query }) }
    }
    if (added.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    if (added.error === 'taken') {
      const known = await findKeptPhone(actor, phone.imei)
      if (!known) return { faults: { imei: 'found.taken' } }
      return { to: pathFor(locale, { pathname: '/admin/found/[phone]', params: { phone: known.id } }) }
    }
    return {
      faults: Object.fromEntries(
        Object.entries(added.error).map(([field, fault]) => [field, `found.${fault}`]),
      ),
    }
  },
)

export const confirmUploadAction = staffForm(confirmUpload)
export const returnPhoneAction = staffForm(returnPhone)
export const closeUnclaimedAction = staffForm(closeUnclaimed)
export const giveToHolderAction = staffForm(giveToHolder)
