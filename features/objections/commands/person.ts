import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { type ContactFault, checkContact, confirmByCode } from '#features/contact-codes/acts.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { notify } from '#features/notices/acts.ts'
import type { DraftFields, Faults } from '#features/reporting/rules/draft-fields.ts'
import { TYPED_MAX } from '#features/reporting/rules/fields.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { sameBytes } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import {
  draftTransaction,
  inDrafts,
  lockDraft,
  type ObjectionDraft,
  progressOf,
  saveDraft,
} from '../drafts/data.ts'
import { HOLDER_FIELDS, readHolder } from '../rules/holder.ts'

export interface PersonForm {
  readonly cookie: string | null
  readonly typed: DraftFields
  readonly locale: 'vi' | 'en'
  readonly address: string
  readonly now: Instant
}

/**
 * Saves what was typed about the holder, and returns the faults. A faulty field is kept as it was typed. Once the whole
 * step is right, a new contact is sent its code.
 */
export async function saveHolder(form: PersonForm): Promise<Result<Faults, 'gone'>> {
  const { cookie, typed, locale, now } = form
  const sent = Object.fromEntries(
    HOLDER_FIELDS.map((field) => [field, (typed[field] ?? '').slice(0, TYPED_MAX)]),
  )
  const { value, answers, faults } = readHolder(sent, now, reachesPhones())
  const contact = value?.contact
  return draftTransaction(async (tx) => {
    const draft = cookie === null ? null : await lockDraft(tx, cookie, now)
    if (draft === null) return err('gone')
    const confirmed =
      contact !== undefined &&
      draft.contactHash !== null &&
      sameBytes(draft.contactHash, contactHash(contact))
    // A step with something wrong in it comes to no code.
    const due = contact !== undefined && !confirmed && contact.value !== draft.content.codeSentTo
    const refusal = due ? await send(tx, draft, contact, form) : null
    const field = contact?.kind === 'phone' ? 'contactPhone' : 'contactEmail'
    await saveDraft(tx, draft, {
      content: {
        answers: { ...draft.content.answers, ...sent, ...answers },
        codeSentTo: due && refusal === null ? contact.value : draft.content.codeSentTo,
      },
      locale,
      // Another contact has to be confirmed anew.
      ...(contact && !confirmed && { contactHash: null }),
    })
    return ok({ ...faults, ...(refusal && { [field]: `report.code.${refusal}` }) })
  })
}

/** Sends a code, or says why none was sent: the contact has had as many as it may, or the network has asked for as many. */
async function send(
  tx: Tx,
  { key, number }: ObjectionDraft,
  contact: Contact,
  { locale, address, now }: Pick<PersonForm, 'locale' | 'address' | 'now'>,
): Promise<'too_many' | 'too_many_here' | null> {
  const { allowed } = await withinLimit('code_address', address, now)
  if (!allowed) return 'too_many_here'
  const template = 'code_confirm_objection'
  const sent = await confirmByCode(tx, { key, template, contact, locale, number, address, now })
  return sent.ok ? null : sent.error
}

/** `gone`: no such draft. */
export type CodeRefusal = 'gone' | ContactFault

/**
 * Checks the code that was sent to the contact, and tells the contact until when the draft is kept and where to
 * continue it. A contact that is confirmed already needs neither.
 */
export const confirmHolder = (
  cookie: string | null,
  typed: string,
  now: Instant,
): Promise<Result<null, CodeRefusal>> =>
  draftTransaction(async (tx) => {
    const draft = cookie === null ? null : await lockDraft(tx, cookie, now)
    const progress = draft && (await progressOf(draft, now, tx))
    if (!draft || !progress?.holder) return err('gone')
    if (progress.contactConfirmed) return ok(null)
    const { contact } = progress.holder
    const checked = await checkContact(tx, { caseId: draft.id, contact, typed, now })
    if (!checked.ok) return checked
    await saveDraft(tx, draft, { contactHash: checked.value })
    const { key, number, locale, dueAt } = draft
    const params = { number, until: dueAt.toISOString() }
    await notify(tx, { key, to: contact, template: 'draft_objection', locale, params, at: now })
    return ok(null)
  })

type SendRefusal = 'gone' | 'too_many' | 'too_many_here'

/** Sends another code, once a `submitKey`; those before it are void. */
export async function sendHolderCode({
  cookie,
  locale,
  address,
  submitKey,
  now,
}: Omit<PersonForm, 'typed'> & { readonly submitKey: string }): Promise<Result<null, SendRefusal>> {
  const another = async (tx: Tx): Promise<Result<true, SendRefusal>> => {
    const draft = cookie === null ? null : await lockDraft(tx, cookie, now)
    const holder = draft && (await progressOf(draft, now, tx)).holder
    if (!draft || !holder) return err('gone')
    const refusal = await send(tx, draft, holder.contact, { locale, address, now })
    if (refusal !== null) return err(refusal)
    await saveDraft(tx, draft, { content: { ...draft.content, codeSentTo: holder.contact.value } })
    return ok(true)
  }
  const done = await inDrafts(() => actOnce(submitKey, 'code.confirm_holder', now, another))
  return done.ok ? ok(null) : done
}
