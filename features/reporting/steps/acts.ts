import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { sendConfirmation } from '#features/drafts/acts.ts'
import { draftTransaction, sentTo, withSent } from '#features/drafts/data.ts'
import { countEvidence } from '#features/evidence/files/page-data.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { lockByCookie, type ReportDraft, saveReportDraft } from '../drafts/data.ts'
import { progressOf, reportContext } from '../drafts/page-data.ts'
import type { DraftCookie } from '../drafts/rules.ts'
import { startDraft } from '../drafts/start-acts.ts'
import type { DraftFields, Faults } from '../fields/reader-rules.ts'
import { BOXES, type FieldName, fieldsOfStep, TYPED_MAX } from '../fields/rules.ts'
import { type ReportContext, readStep } from './report-rules.ts'
import type { AnswerStep, ReportStep } from './rules.ts'

interface StepForm {
  readonly cookie: DraftCookie | null
  readonly step: AnswerStep
  readonly typed: DraftFields
  readonly locale: 'vi' | 'en'
  readonly address: string
  readonly now: Instant
}

interface Saved {
  /** The key that opens the draft from now on: new for a new draft, null if there is no draft. */
  readonly cookie: string | null
  readonly faults: Faults
  readonly incomplete: ReportStep
  readonly evidence: number
}

/**
 * Saves a step and returns its faults. A faulty value is kept as typed, and sending refuses it. The first step without a fault
 * creates the draft. Two tabs on different steps do not overwrite each other; on the same step the later one wins. `not_found`:
 * there is no such draft, and this step cannot start one.
 */
export async function saveStep(form: StepForm): Promise<Result<Saved, 'not_found'>> {
  const context = await reportContext(form.now)
  const saved = await draftTransaction(async (tx) => {
    const draft = form.cookie === null ? null : await lockByCookie(tx, form.cookie, form.now)
    return draft && { id: draft.id, ...(await saveInto(tx, draft, form, context)) }
  })
  if (saved !== null) {
    const { id, ...rest } = saved
    return ok({ ...rest, cookie: form.cookie?.value ?? null, evidence: await countEvidence(id) })
  }
  return form.step === 'incident' ? ok(await begin(form, context)) : err('not_found')
}

async function begin(form: StepForm, context: ReportContext): Promise<Saved> {
  const { answers, faults } = read(form, {}, context, false)
  const refused = { cookie: null, incomplete: 'incident', evidence: 0 } as const
  if (isAny(faults)) return { ...refused, faults }
  const limit = await withinLimit('draft_address', form.address, form.now)
  if (!limit.allowed) return { ...refused, faults: { form: 'report.limit' } }
  const cookie = await startDraft({ locale: form.locale, answers, now: form.now })
  return { cookie, faults, incomplete: 'contact', evidence: 0 }
}

/**
 * Reads a step as typed. A field that the page does not show keeps the draft's value. An unticked checkbox sends nothing and
 * counts as off. `noContact` is accepted only at the desk.
 */
function read({ step, typed }: StepForm, before: DraftFields, context: ReportContext, atDesk: boolean) {
  const isBox = (field: FieldName) => BOXES.some((box) => box === field)
  const sent = Object.fromEntries(
    fieldsOfStep(step).map((field) => [
      field,
      field === 'noContact' && !atDesk
        ? ''
        : (typed[field] ?? (isBox(field) ? '' : (before[field] ?? ''))).slice(0, TYPED_MAX),
    ]),
  )
  const { answers, faults } = readStep(step, { ...before, ...sent }, context)
  return { answers: { ...sent, ...answers }, faults }
}

async function saveInto(tx: Tx, draft: ReportDraft, form: StepForm, context: ReportContext) {
  const { answers, faults } = read(form, draft.content.answers, context, draft.filedById !== null)
  const content = { ...draft.content, answers: { ...draft.content.answers, ...answers } }
  const { report, contactConfirmed, unconfirmed } = progressOf(
    { content, contactHash: draft.contactHash },
    context,
  )
  const contact = report.contact?.contact
  // A changed contact must be confirmed again, even if the person returns to the first one.
  const contactHash = !contact || contactConfirmed ? draft.contactHash : null
  const { incomplete } = progressOf({ content, contactHash }, context)

  // Sends a code only to a new contact, in a step without faults; faults of earlier steps do not matter. Going back and forth
  // sends no other code: the code page has a button for that. A contact that was refused as the number of the lost phone is sent
  // its code once that number is corrected.
  const isDue = (form.step === 'contact' || form.step === 'phone') && !isAny(faults)
  const due = isDue ? unconfirmed.filter(({ value }) => !sentTo(content).includes(value)) : []
  const sent: Contact[] = []
  const refused: Record<string, string> = {}
  for (const one of due) {
    const { locale, address, now } = form
    const request = { key: draft.key, number: draft.number, contact: one, locale, address, now }
    const refusal = await sendConfirmation(tx, request)
    if (refusal === null) sent.push(one)
    else refused[one.kind === 'email' ? 'contactEmail' : 'contactPhone'] = `report.code.${refusal}`
  }
  const contacts = [contact, report.contact?.other].filter((one) => one != null)
  const kept = sent.length > 0 ? withSent(content, contacts, sent) : content
  await saveReportDraft(tx, draft, { content: kept, locale: form.locale, contactHash }, form.now)
  // One code is enough to continue.
  const isReached = contactConfirmed || sent.length > 0 || due.length < unconfirmed.length
  return { faults: { ...faults, ...(!isReached && refused) }, incomplete }
}

const isAny = (faults: Faults): boolean => Object.keys(faults).length > 0
