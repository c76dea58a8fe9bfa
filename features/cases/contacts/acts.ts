import '#server-only'
import { type ContactFault, checkContact, confirmByCode } from '#features/contact-codes/acts.ts'
import { isOpenTo } from '#features/disclosures/openings/data.ts'
import { notify } from '#features/notices/acts.ts'
import type { Actor, StaffReader } from '#lib/access/actor.ts'
import { type CaseScope, citizenScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { inScope } from '#platform/scope.ts'
import { reachesPhones } from '#platform/sms.ts'
import { moveCase } from '../moves/acts.ts'
import { movesOpenTo } from '../moves/lifecycle-rules.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import type { CaseMove } from '../moves/write-acts.ts'
import { type CaseFile, openCaseFile } from '../particulars/data.ts'
import type { Contact, Particulars } from '../particulars/rules.ts'
import { findCase } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { FINAL_STATES } from '../record/state-rules.ts'
import { makeContactIndexes } from './data.ts'
import {
  closedAtDesk,
  contactsInForce,
  maskContact,
  type NewContactFault,
  newContactFault,
  waitingContact,
} from './rules.ts'

/** A person with the secret, or an officer for a person who shows their identity card at the desk and has opened the case. */
type Adder = CaseScope | StaffReader

interface OnContacts {
  readonly caseId: string
  readonly submitKey: string
}

interface NewContact extends OnContacts {
  readonly contact: Contact
  /** If the contact is the lost phone's number: the person says that they have got a new SIM for it. */
  readonly simReissued: boolean
}

type AskRefusal = 'forbidden' | 'unseen' | 'no_sms' | 'too_many' | 'too_many_here' | NewContactFault

/** Sends a code to a contact that is to be added to a case, once per `submitKey`. By default in the language of the case. */
export async function askNewContact(
  by: Adder,
  { caseId, contact, simReissued, submitKey, ...asked }: NewContact & { address: string; locale?: string },
  now: Instant,
): Promise<Result<true, AskRefusal>> {
  if (contact.kind === 'phone' && !reachesPhones()) return err('no_sms')
  return onCase<AskRefusal>(by, { caseId, submitKey }, 'code.new_contact', now, async (tx, c, file) => {
    const unfit = newContactFault(file.particulars, contact, { simReissued, now })
    if (unfit) return err(unfit)
    if (!(await withinLimit('code_address', asked.address, now)).allowed) return err('too_many_here')
    const template = 'code_new_contact'
    const sent = await confirmByCode(tx, {
      key: file.key,
      number: c.number,
      contact,
      template,
      locale: file.locale,
      ...asked,
      now,
    })
    return sent.ok ? ok(true) : sent
  })
}

type ContactRefusal = CaseRefusal | NewContactFault | 'unseen'

/**
 * Adds the contact that has answered its code. It is in force after a day in which the first contact can object; at once if the
 * case has none. Somebody who found the secret, or a false story at the desk, can add one, so the present contact is told at once,
 * and also how to stop it without the secret.
 */
export const addCaseContact = (
  by: Adder,
  { caseId, contact, simReissued, typed, submitKey }: NewContact & { readonly typed: string },
  now: Instant,
): Promise<Result<true, ContactRefusal | ContactFault>> =>
  onCase<ContactRefusal | ContactFault>(
    by,
    { caseId, submitKey },
    'case.add_contact',
    now,
    async (tx, c, file, scope) => {
      const unfit = newContactFault(file.particulars, contact, { simReissued, now })
      if (unfit) return err(unfit)
      const checked = await checkContact(tx, { caseId, contact, typed, now })
      if (!checked.ok) return checked
      const { kind, value } = contact
      const isFirst = file.particulars.contact === null
      const until = (isFirst ? now : addMilliseconds(now, OBJECTION)).toISOString()
      const added = isFirst
        ? { contact: { kind, value } }
        : { secondContact: { kind, value, inForceAt: until } }
      const atDesk = by.kind === 'staff'
      const moved = await write(
        tx,
        scope,
        c,
        now,
        {
          move: 'add_contact',
          particulars: { ...file.particulars, ...added },
          says: { contact: maskContact(contact), until },
          ...(atDesk && { template: 'add_contact_at_desk' }),
        },
        atDesk ? by : undefined,
      )
      if (!moved.ok) return moved
      if (isFirst) await saveContactKind(tx, caseId, kind)
      await tell(tx, file, contact, { template: 'contact_added', number: c.number, until, now })
      return moved
    },
  )

/** The time in which the first contact can object to a second one. */
const OBJECTION = DAY

/** Saves the kind of a case's first contact; its value is sealed. */
const saveContactKind = (tx: Tx, caseId: string, contactKind: Contact['kind']) =>
  tx.case.update({ where: { id: caseId }, data: { contactKind }, select: { id: true } })

/**
 * Takes back a second contact that is not in force yet. The first contact may do it with a code alone: it protects them from
 * somebody who has found the secret. For some days nobody can add another.
 */
export const keepContacts = (
  scope: CaseScope,
  { caseId, submitKey }: OnContacts,
  now: Instant,
): Promise<Result<true, ContactRefusal>> => {
  const isOwn = scope.kind === 'one' && scope.caseId === caseId
  const full = isOwn ? citizenScope(caseId, 'full') : scope
  return onCase(full, { caseId, submitKey }, 'case.keep_contacts', now, async (tx, c, file) => {
    const waiting = waitingContact(file.particulars, now)
    if (waiting === null) return err('contact_in_force')
    const { secondContact: _, ...rest } = file.particulars
    const moved = await write(tx, full, c, now, {
      move: 'keep_contacts',
      particulars: { ...rest, contactsKeptAt: now.toISOString() },
    })
    if (moved.ok) await tell(tx, file, waiting, { template: 'contact_refused', number: c.number, now })
    return moved
  })
}

export type Which = 'first' | 'second'

/** Removes one of two contacts and tells both. The last one stays. */
export const dropCaseContact = (
  scope: CaseScope,
  { caseId, which, submitKey }: OnContacts & { readonly which: Which },
  now: Instant,
): Promise<Result<true, ContactRefusal>> =>
  onCase(scope, { caseId, submitKey }, 'case.drop_contact', now, async (tx, c, file) => {
    const [first, second] = contactsInForce(file.particulars, now)
    if (!first || !second) return err('contact_last')
    const { secondContact: _, ...rest } = file.particulars
    const [dropped, contact] = which === 'first' ? [first, second] : [second, first]
    const moved = await write(tx, scope, c, now, {
      move: 'drop_contact',
      particulars: { ...rest, contact },
      says: { contact: maskContact(dropped) },
    })
    if (moved.ok) await saveContactKind(tx, caseId, contact.kind)
    return moved
  })

async function onCase<Refusal extends string>(
  by: Adder,
  { caseId, submitKey }: OnContacts,
  name: string,
  now: Instant,
  work: (tx: Tx, c: CaseSnapshot, file: CaseFile, scope: CaseScope) => Promise<Result<true, Refusal>>,
): Promise<Result<true, Refusal | DeskRefusal>> {
  const staff = by.kind === 'staff' ? by : null
  const scope = by.kind === 'staff' ? staffScope(by) : by
  if (scope === null) return err('forbidden')
  const label = staff ? `${name}:${caseId}:${staff.id}` : `${name}:${caseId}`
  return inScope(scope, () =>
    actOnce<true, Refusal | DeskRefusal>(submitKey, label, now, async (tx) => {
      if (!staff && (scope.kind !== 'one' || scope.access !== 'full')) return err('forbidden')
      const c = await findCase(scope, { id: caseId }, tx)
      if (c === null || c.erasedAt !== null) return err('forbidden')
      const file = await openCaseFile(c, tx)
      const closed = staff && (await refuseDesk(tx, staff, c, file, now))
      return closed ? err(closed) : work(tx, c, file, scope)
    }),
  )
}

type DeskRefusal = 'forbidden' | 'unseen' | NewContactFault

/** Returns why an officer may not add a contact for a person at the desk; null if they may. */
async function refuseDesk(
  tx: Tx,
  by: StaffReader,
  c: CaseSnapshot,
  { particulars }: CaseFile,
  now: Instant,
): Promise<DeskRefusal | null> {
  if (movesOpenTo(c, by, now, ['add_contact']).length === 0) return 'forbidden'
  return (await isOpenTo(by, c.id, now, tx)) ? closedAtDesk(particulars, now) : 'unseen'
}

/** Makes a move on the version whose contacts were read: of two at once, one is refused. */
async function write(
  tx: Tx,
  scope: CaseScope,
  c: CaseSnapshot,
  now: Instant,
  move: Pick<CaseMove, 'move' | 'says' | 'template'> & { readonly particulars: Particulars },
  by: Actor = { kind: 'citizen' },
): Promise<Result<true, CaseRefusal>> {
  const moved = await moveCase(tx, scope, by, { caseId: c.id, version: c.version, ...move }, now)
  return moved.ok ? ok(true) : moved
}

const tell = (
  tx: Tx,
  { key, locale }: CaseFile,
  { kind, value }: Contact,
  of: {
    readonly template: 'contact_added' | 'contact_refused'
    readonly number: string
    readonly until?: string
    readonly now: Instant
  },
): Promise<void> => {
  const { template, number, until, now } = of
  const params = { number, ...(until !== undefined && { until }) }
  return notify(tx, { key, to: { kind, value }, template, locale, params, at: now })
}

const NAMED = 5

/**
 * Sends a contact, known by its indexes, one message with the numbers of the open cases that write to it; nothing if there are
 * none. Runs in the system scope.
 */
export async function tellOfCases(
  tx: Tx,
  indexes: readonly string[],
  locale: string,
  now: Instant,
): Promise<void> {
  const hashes = indexes.map((one) => Buffer.from(one, 'hex'))
  const found = await tx.case.findMany({
    where: {
      key: { blindIndex: { some: { kind: 'contact', hash: { in: hashes } } } },
      state: { notIn: [...FINAL_STATES] },
      erasedAt: null,
    },
    select: { id: true, number: true },
    orderBy: [{ submittedAt: 'desc' }, { id: 'asc' }],
    take: NAMED,
  })
  const told = []
  for (const { id, number } of found) {
    const { key, particulars } = await openCaseFile({ id }, tx)
    // A contact that waits, or was removed meanwhile, is told nothing.
    const to = contactsInForce(particulars, now).find((one) =>
      makeContactIndexes(one).some((hash) => indexes.includes(hash)),
    )
    if (to) told.push({ key, to, number })
  }
  const [first, ...others] = told
  if (first === undefined) return
  const { key, to, number } = first
  await notify(tx, {
    key,
    to,
    template: 'cases_found',
    locale,
    params: { number, ...(others.length > 0 && { others: others.map((one) => one.number).join(', ') }) },
    at: now,
  })
}
