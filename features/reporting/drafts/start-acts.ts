import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { type CitizenCaseView, caseForCitizen, readFileForCitizen } from '#features/cases/citizen/data.ts'
import { draftExpiry } from '#features/cases/clocks/rules.ts'
import { contactsInForce, writeContact } from '#features/cases/contacts/rules.ts'
import { type CaseNumber, newCaseNumber } from '#features/cases/numbers/rules.ts'
import type { Contact, Particulars } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { formKey, openOnce } from '#features/drafts/acts.ts'
import { cookieOf, draftTransaction } from '#features/drafts/data.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, newCaseKey, randomBuffer, seal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import type { DraftFields } from '../fields/reader-rules.ts'
import { textsOf } from '../fields/rules.ts'
import { writeLocal } from '../steps/when-rules.ts'
import { cookieHash, type DraftContent, findReceipt } from './data.ts'
import type { DraftCookie } from './rules.ts'

interface DraftStart {
  readonly locale: string
  readonly answers?: DraftFields
  readonly contacts?: readonly Contact[]
  readonly filedBy?: Extract<Actor, { kind: 'staff' }>
  readonly now: Instant
}

/**
 * Starts a draft with its own key, number and id, which the case will keep. Returns the key for the browser's cookie; only its
 * hash is stored. If the number is taken (one in 2^40) the insert fails and the person sends the form again.
 */
export async function startDraft(start: DraftStart): Promise<string> {
  const cookie = cookieOf(randomBuffer(32))
  await draftTransaction((tx) => writeDraft(tx, cookie, start))
  return cookie
}

/** Inserts a new draft in the caller's transaction and returns its case key. */
export async function writeDraft(
  tx: Tx,
  cookie: string,
  { locale, answers = {}, contacts = [], filedBy, now }: DraftStart,
): Promise<CaseKey> {
  const { key, stored } = newCaseKey(randomUUID())
  const { caseId: id } = key
  const [first, other] = contacts
  const content: DraftContent = {
    answers,
    codeSentTo: first?.value ?? null,
    ...(other && { alsoSentTo: other.value, alsoConfirmed: other.value }),
  }
  await tx.caseKey.create({ data: { caseId: id, ...stored, createdAt: now }, select: { caseId: true } })
  await tx.reportDraft.create({
    data: {
      ...{ id, number: newCaseNumber(randomBuffer), cookieHash: cookieHash(cookie), locale },
      ...{ filedById: filedBy?.id ?? null, createdAt: now, updatedAt: now },
      sealed: seal(key, 'draft', content),
      ...(first && { contactHash: contactHash(first), contactConfirmedAt: now }),
      expiresAt: draftExpiry(now, env().RETAIN_DRAFT_DAYS),
    },
    select: { id: true },
  })
  await audit(tx, {
    actor: filedBy ?? { kind: 'citizen' },
    act: 'draft.start',
    subject: { kind: 'draft', id },
    at: now,
  })
  return key
}

/**
 * Starts a draft for another phone that was lost together with the one just reported. It copies the incident,
 * contacts and person, so that only the phone is asked for. Returns the key for the browser's cookie. `not_found`:
 * this browser has no such receipt.
 */
export async function startAnother({
  number,
  cookies,
  officer,
  address,
  submitKey,
  now,
}: {
  readonly number: CaseNumber
  readonly cookies: readonly DraftCookie[]
  /** The signed-in officer: a report written at the desk continues there. */
  readonly officer: StaffActor | null
  readonly address: string
  readonly submitKey: string
  readonly now: Instant
}): Promise<Result<string, 'not_found' | 'limit'>> {
  const receipt = await findReceipt(number, cookies, now)
  if (receipt === null) return err('not_found')
  const scope = citizenScope(receipt.id, 'full')
  const [view, file] = await Promise.all([
    caseForCitizen(scope, receipt.id),
    readFileForCitizen(scope, receipt.id),
  ])
  if (view === null || file === null) return err('not_found')
  const filedBy = receipt.filedById === null ? null : officer
  if (!(await withinLimit('draft_address', address, now)).allowed) return err('limit')
  const start: DraftStart = {
    locale: file.locale,
    answers: answersOf(file.particulars, view),
    contacts: contactsInForce(file.particulars, now),
    ...(filedBy && { filedBy }),
    now,
  }
  const form = { key: formKey(submitKey, number), act: 'draft.another', now }
  return openOnce<'not_found'>(form, async (tx, cookie) => ok(await writeDraft(tx, cookie, start)))
}

function answersOf(p: Particulars, { snapshot, incidentAt }: CitizenCaseView): DraftFields {
  const [email, phone] = (['email', 'phone'] as const).map((kind) =>
    [p.contact, p.secondContact].find((one) => one?.kind === kind),
  )
  return {
    ...Object.fromEntries(
      (['incident', 'person'] as const)
        .flatMap((step) => textsOf(step))
        .map((name) => [name, p[name as keyof Particulars] as string]),
    ),
    incidentType: snapshot.incidentType,
    incidentWhen: 'other',
    incidentTime: '',
    incidentAt: writeLocal(incidentAt),
    district: snapshot.areaId,
    secured: (p.secured ?? []).join(' '),
    contactEmail: email?.value ?? '',
    contactPhone: phone ? writeContact(phone) : '',
    noContact: p.contact === null ? 'on' : '',
    idKind: p.idKind ?? '',
    nationalId: p.nationalId,
  }
}
