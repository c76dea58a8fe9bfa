import '#server-only'
import { namesOf } from '#features/accounts/data.ts'
import {
  type OpeningForPolice,
  openedCases,
  openersOf,
  openingsOf,
  seenCases,
} from '#features/disclosures/openings/data.ts'
import { type CarrierProgress, carrierStates } from '#features/exchange/case-orders/data.ts'
import { type CaseQuestion, carriersToAsk, listQuestions } from '#features/exchange/questions/data.ts'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, reachesUnit, staffScope, systemScope } from '#lib/access/scope.ts'
import { maskPhone } from '#lib/person/masking.ts'
import { carrierHint, type Msisdn } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { type BoardMember, listColleagues } from '../board/data.ts'
import { isBlockedElsewhere, listHeldWith } from '../claims/data.ts'
import { isEverySideHeard, listObjectionsAgainst } from '../conflict/data.ts'
import { readMatter } from '../deciders/data.ts'
import { factsFor } from '../deciders/rules.ts'
import { sentBackIn } from '../decisions/rules.ts'
import { listNamedPhones, type NamedPhone } from '../imeis/data.ts'
import type { Move } from '../moves/rules.ts'
import type { SentBack } from '../moves/transition-rules.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { masked, maskField } from '../particulars/rules.ts'
import type { FoundCheck, ProofCheck } from '../proof/rules.ts'
import { findCase, listConsents } from '../record/data.ts'
import { type CaseSnapshot, weighsObjections } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'
import { ownLines } from '../standing/rules.ts'
import { listSameContact, listSameImei, readFileRecord } from './data.ts'
import type { FileEvent, FileRecord, Related, RelatedCase } from './rules.ts'

export { listConsents } from '../record/data.ts'

/** A file as its reader may see it now: papers and contact are masked until the reader opens them. */
export interface ShownFile extends FileRecord {
  readonly openUntil: Instant | null
  readonly seen: boolean
}

export interface CaseFileView extends ShownFile {
  readonly scope: CaseScope
  readonly snapshot: CaseSnapshot
  readonly names: ReadonlyMap<string, string>
  readonly carriers: readonly CarrierProgress[]
  readonly questions: readonly CaseQuestion[]
  /** The phones that carriers named; empty before the papers are opened. */
  readonly named: readonly NamedPhone[]
  readonly imeisNamed: boolean
  readonly mayLookUp: boolean
  /** The carriers that may be asked; null without the reporter's consent. */
  readonly mayAsk: readonly { readonly id: string; readonly name: string }[] | null
  readonly sameImei: readonly Related[]
  readonly sameContact: readonly Related[]
  /** The colleagues to whom the case can be given, the least loaded first; empty for a reader who may not give cases. */
  readonly assignable: readonly BoardMember[]
  /** The carrier that each phone number's prefix belongs to, which the masks do not show. */
  readonly hints: readonly (string | null)[]
  /** The reader has opened all evidence for the decision: in a conflict or an objection, that of each side. */
  readonly seenAll: boolean
  readonly checks: readonly FoundCheck[]
  readonly openings: readonly OpeningForPolice[]
  readonly judgedOther: boolean
  readonly rivalProven: boolean
  readonly blockedElsewhere: boolean
  readonly heard: boolean
  readonly decidedBefore: boolean
  readonly wroteDown: boolean
  readonly foundBlockRight: boolean
  readonly refusedUnblock: readonly string[]
  readonly sentBack: SentBack | null
  readonly openers: readonly { readonly accountId: string; readonly at: Instant }[]
}

async function reach(actor: StaffActor, written: string) {
  const scope = staffScope(actor)
  const number = parseCaseNumber(written)
  if (!scope || !number.ok) return null
  const snapshot = await findCase(scope, { number: number.value })
  return snapshot && { scope, snapshot }
}

export const findCaseIdToRead = async (actor: StaffActor, number: string): Promise<string | null> =>
  (await reach(actor, number))?.snapshot.id ?? null

export async function findKeyForPolice(actor: StaffActor, number: string): Promise<CaseKey | null> {
  const found = await reach(actor, number)
  if (!found || found.snapshot.erasedAt !== null) return null
  return (await inScope(found.scope, () => openCaseFile(found.snapshot))).key
}

export async function findErasedCase(actor: StaffActor, number: string): Promise<CaseSnapshot | null> {
  const found = await reach(actor, number)
  return found && found.snapshot.erasedAt !== null ? found.snapshot : null
}

/**
 * Masks the correction in an event. A correction of papers or contact contains the values, so they are masked as they are in the
 * file.
 */
function withoutPapers(event: FileEvent): FileEvent {
  const { correction } = event.words
  if (!correction) return event
  const { before, value, ...rest } = correction
  const hidden = {
    ...rest,
    before: maskField(correction.field, before),
    value: maskField(correction.field, value),
  }
  return { ...event, words: { ...event.words, correction: hidden } }
}

const shown = (file: FileRecord, openUntil: Instant | null, seen: boolean): ShownFile => ({
  ...file,
  ...(openUntil === null && {
    particulars: masked(file.particulars),
    events: file.events.map(withoutPapers),
  }),
  openUntil,
  seen,
})

/**
 * Returns the ids of everything whose evidence a decision on a case depends on: the case itself, the cases in conflict with it,
 * and the objections to its block.
 */
const sidesOf = (scope: CaseScope, c: CaseSnapshot, phones: readonly string[]): Promise<string[]> =>
  inScope(scope, async () => [
    c.id,
    ...(c.held === 'conflict' ? (await listHeldWith(scope, c.id, phones)).map(({ id }) => id) : []),
    ...(weighsObjections(c) ? await listObjectionsAgainst(c.id) : []),
  ])

/** Returns which evidence of a case the reader has opened, who else has opened it, and the findings on it. */
async function evidenceSeen(
  reader: StaffReader,
  scope: CaseScope,
  c: CaseSnapshot,
  phones: readonly string[],
  now: Instant,
) {
  const sides = await sidesOf(scope, c, phones)
  const [opened, seenIds, checks, openings, openers] = await Promise.all([
    openedCases(reader, [c.id], now),
    seenCases(reader, sides),
    inScope(scope, () => listChecks(c.id)),
    openingsOf(scope, c.id),
    openersOf(scope, c.id),
  ])
  return {
    openUntil: opened.get(c.id) ?? null,
    seen: seenIds.has(c.id),
    seenAll: sides.every((id) => seenIds.has(id)),
    checks,
    openings,
    openers,
  }
}

async function listChecks(caseId: string): Promise<FoundCheck[]> {
  const rows = await db.proofCheck.findMany({
    where: { caseId, imei: { not: null } },
    orderBy: { seq: 'desc' },
    select: {
      seq: true,
      move: true,
      accountId: true,
      name: true,
      device: true,
      imeis: { select: { key14: true, answer: true } },
    },
  })
  return rows.map(({ seq, move, accountId, imeis, name, device }) => ({
    seq,
    move: move as Move,
    accountId,
    // The database allows no other answers (a_check_answers_its_question).
    check: { imeis, checkName: name, checkDevice: device } as ProofCheck,
  }))
}

/** Tells which optional consents a case's person has given and not withdrawn. */
const consentsOf = (scope: CaseScope, caseId: string) =>
  inScope(scope, async () => {
    const consents = await listConsents(caseId)
    const isGiven = (one: string) =>
      consents.some(({ purpose, withdrawnAt }) => purpose === one && withdrawnAt === null)
    return { simQuestion: isGiven('sim_question'), imeiOfNumber: isGiven('imei_of_number') }
  })

async function relatedOf(scope: CaseScope, caseId: string, phones: readonly string[]) {
  const withReach = (cases: readonly RelatedCase[]): Related[] =>
    cases.map((one) => ({ ...one, reachable: reachesUnit(scope, one.unitId) }))
  return {
    sameImei: withReach(await listSameImei(caseId, phones)),
    sameContact: withReach(await listSameContact(caseId)),
  }
}

/** Returns the phone's other cases, and the facts about the reader's earlier decisions on these and the case. */
const besideCase = async (
  reader: StaffReader,
  scope: CaseScope,
  c: CaseSnapshot,
  phones: readonly string[],
  now: Instant,
) => ({
  // From every district, and one query after the other, so that only one connection gets the system scope.
  ...(await inScope(systemScope(), async () => ({
    ...(await relatedOf(scope, c.id, phones)),
    ...factsFor(await readMatter(c), reader.id),
    blockedElsewhere: await isBlockedElsewhere(c.id, phones),
  }))),
  heard: await inScope(scope, () => isEverySideHeard(c, phones, now)),
})

/**
 * Returns the questions to carriers with the phones that these named. Before the papers are opened, numbers are masked and phones
 * left out.
 */
async function questionsShown(questions: readonly CaseQuestion[], opened: boolean) {
  return {
    questions: opened
      ? questions
      : questions.map((one) => ({ ...one, msisdn: maskPhone(one.msisdn), imeis: [] })),
    named: opened ? await listNamedPhones(questions) : [],
    imeisNamed: questions.some(({ imeis, releasedAt }) => imeis.length > 0 && releasedAt === null),
  }
}

export async function readCaseFile(
  reader: StaffReader,
  number: string,
  now: Instant,
): Promise<CaseFileView | null> {
  const found = await reach(reader, number)
  if (!found) return null
  const { scope, snapshot } = found
  const file = await readFileRecord(scope, snapshot.id)
  if (!file) return null
  const phones = file.imeis.map(({ key14 }) => key14)
  const consents = await consentsOf(scope, snapshot.id)
  const mayAsk = consents.simQuestion && ACTIVE_STATES.includes(snapshot.state)
  const [evidence, part, carriers, questions, toAsk, assignable] = await Promise.all([
    evidenceSeen(reader, scope, snapshot, phones, now),
    besideCase(reader, scope, snapshot, phones, now),
    carrierStates(scope, snapshot.id),
    listQuestions(scope, snapshot.id),
    mayAsk ? carriersToAsk() : [],
    may(reader.role, 'case:reassign') ? listColleagues(scope, [snapshot.unitId], now) : [],
  ])
  const { openUntil, seen, ...rest } = evidence
  const people = [
    snapshot.filedById,
    ...file.events.map((event) => event.actorId),
    ...evidence.openers.map((opener) => opener.accountId),
  ].filter((id) => id !== null)
  return {
    ...shown(file, openUntil, seen),
    ...rest,
    ...part,
    ...(await questionsShown(questions, openUntil !== null)),
    scope,
    snapshot,
    names: await namesOf([...new Set(people)]),
    sentBack: sentBackIn(file.events, snapshot.version),
    carriers: ownLines(snapshot, carriers),
    mayLookUp: consents.imeiOfNumber,
    mayAsk: consents.simQuestion ? toAsk : null,
    assignable,
    hints: file.particulars.phoneNumbers.map((phone) => carrierHint(phone as Msisdn)),
  }
}

export interface ConflictSide {
  readonly snapshot: CaseSnapshot
  readonly file: ShownFile
  readonly names: ReadonlyMap<string, string>
}

/** Returns the other cases of a held conflict, opened for the person who settles it; empty if there is none. */
export async function loadConflictingCases(
  reader: StaffReader,
  view: CaseFileView,
  now: Instant,
): Promise<readonly ConflictSide[]> {
  if (view.snapshot.held !== 'conflict') return []
  const { scope, snapshot, imeis } = view
  const phones = imeis.map(({ key14 }) => key14)
  // Every case that the decision settles, not only those that fit into the list of cases on the phone.
  const held = await listHeldWith(scope, snapshot.id, phones)
  const ids = held.map(({ id }) => id)
  const [open, seen, files] = await Promise.all([
    openedCases(reader, ids, now),
    seenCases(reader, ids),
    Promise.all(ids.map((id) => readFileRecord(scope, id))),
  ])
  const people = files.flatMap((file) => (file?.events ?? []).flatMap(({ actorId }) => actorId ?? []))
  const names = await namesOf([...new Set(people)])
  return held.flatMap((one, at) => {
    const file = files[at]
    return file
      ? [{ snapshot: one, file: shown(file, open.get(one.id) ?? null, seen.has(one.id)), names }]
      : []
  })
}

/**
 * Returns the name of the staff member who changed a case last; null if it was the citizen, a clock, or a person whom the reader
 * may not know.
 */
export async function findLastChanger(actor: StaffActor, number: string): Promise<string | null> {
  const found = await reach(actor, number)
  if (!found || found.snapshot.erasedAt !== null) return null
  const event = await inScope(found.scope, () =>
    db.caseEvent.findFirst({
      where: { caseId: found.snapshot.id },
      orderBy: { seq: 'desc' },
      select: { actorId: true },
    }),
  )
  const actorId = event?.actorId
  return actorId ? ((await namesOf([actorId])).get(actorId) ?? null) : null
}
