import '#server-only'
import { namesOf } from '#features/accounts/queries.ts'
import { caseSnapshot, reporterOf } from '#features/cases/queries/blocking.ts'
import { type CaseFileView, caseFile } from '#features/cases/queries/case-file.ts'
import { hearingUntil, reporterHearing } from '#features/cases/queries/hearing.ts'
import { masked, type ReportedParticulars } from '#features/cases/rules/particulars.ts'
import type { CaseSnapshot } from '#features/cases/rules/snapshot.ts'
import { type OpeningForPolice, openedCases, openingsOf, seenCases } from '#features/disclosures/queries.ts'
import { isHeard } from '#features/disputes/rules.ts'
import { evidenceOf, type SameFile, sameFileElsewhere, screensSince } from '#features/evidence/queries.ts'
import type { EvidenceItem } from '#features/evidence/rules/item.ts'
import { type CarrierProgress, carrierStates } from '#features/exchange/case-orders/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { type CaseScope, staffScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { eventsOf, movesOf, type ObjectionEvent } from '../repository/events.ts'
import { find, findSent, openFile } from '../repository/objections.ts'
import { againstCase } from '../repository/queue.ts'
import { objectionNumbers } from '../rules/number.ts'
import type { ObjectionSnapshot } from '../rules/state.ts'

export type { ObjectionEvent }

export interface ObjectionForPolice {
  readonly scope: CaseScope
  readonly snapshot: ObjectionSnapshot
  /** Masked until the reader has opened it. */
  readonly holder: ReportedParticulars
  readonly openUntil: Instant | null
  /** The reader has opened both sides' evidence as it now is. */
  readonly seenAll: boolean
  readonly word: string
  readonly evidence: readonly EvidenceItem[]
  /** Photos of the screen beside the word in force. */
  readonly screens: number
  readonly sameFiles: readonly SameFile[]
  readonly events: readonly ObjectionEvent[]
  readonly openings: readonly OpeningForPolice[]
  readonly names: ReadonlyMap<string, string>
  /** The case that blocks the phone, as its own page shows it; null once that case is erased. */
  readonly against: CaseFileView | null
  readonly hearingUntil: Instant | null
  readonly heard: boolean
  readonly flags: ObjectionFlags
}

/** The facts that the person who decides must not overlook. */
export interface ObjectionFlags {
  /** A carrier has seen the IMEI in several phones. */
  readonly shared: boolean
  /** The number of others who object to the same block: two phones may have one number. */
  readonly others: number
  /** Holder and reporter are one person, by document or contact. */
  readonly samePerson: boolean
}

/**
 * Returns an objection with both sides, for police; null when it is unknown or outside their scope, which looks the
 * same.
 */
export async function objectionForPolice(
  reader: StaffReader,
  written: string,
  now: Instant,
): Promise<ObjectionForPolice | null> {
  const scope = staffScope(reader)
  const number = objectionNumbers.parse(written)
  const snapshot = scope && number.ok ? await find(scope, { number: number.value }) : null
  if (!scope || !snapshot) return null
  const { id, againstId } = snapshot
  const file = await inScope(scope, () => openFile(id))
  const [opened, seen, openings, events, sameFiles, against] = await Promise.all([
    openedCases(reader, [id], now),
    seenCases(reader, [id]),
    openingsOf(scope, id),
    inScope(scope, () => eventsOf(file.key)),
    sameFileElsewhere(scope, id),
    againstId === null ? null : caseSnapshot(scope, againstId),
  ])
  const openUntil = opened.get(id) ?? null
  const people = [...events.map((event) => event.actorId), ...openings.map((one) => one.accountId)]
  const [evidence, screens, names, view, others] = await Promise.all([
    evidenceOf(scope, id, openUntil !== null),
    screensSince(id, file.wordAt),
    namesOf([...new Set(people.filter((one) => one !== null))]),
    against ? caseFile(reader, against.number, now) : null,
    againstId === null ? [] : againstCase(scope, againstId),
  ])
  const hearing = against && (await reporterHearing(against))
  return {
    scope,
    snapshot,
    holder: openUntil === null ? masked(file.holder) : file.holder,
    openUntil,
    seenAll: seen.has(id) && (view === null || view.seen),
    word: file.word,
    evidence,
    screens,
    sameFiles,
    events,
    openings,
    names,
    against: view,
    hearingUntil:
      hearing && (hearing.hearingUntil ?? (snapshot.sentAt && (await hearingUntil(snapshot.sentAt)))),
    heard: hearing === null || isHeard(hearing, now),
    flags: {
      shared: against !== null && (against.sharedAt ?? against.sharedDueAt) !== null,
      others: others.filter((one) => one.number !== snapshot.number).length,
      samePerson: against !== null && (await isSamePerson(scope, against, file.holder)),
    },
  }
}

async function isSamePerson(
  scope: CaseScope,
  c: CaseSnapshot,
  holder: ReportedParticulars,
): Promise<boolean> {
  const reporter = await reporterOf(scope, c.id)
  if (reporter === null) return false
  const { nationalId, contact } = reporter
  return nationalId === holder.nationalId || contact?.value === holder.contact.value
}

/** Tells how far an objection is. */
export interface ObjectionCourse {
  readonly snapshot: ObjectionSnapshot
  /** The progress of each carrier with the unblock, where the holder was found right. */
  readonly carriers: readonly CarrierProgress[]
  /** Nobody is left who may decide it: no day is promised. */
  readonly undecided: boolean
  /** The telecom authority's present name. */
  readonly authority: string
  /** The events that the holder may read, newest first: without those for police alone. */
  readonly events: readonly ObjectionEvent[]
}

export interface ObjectionForHolder extends ObjectionCourse {
  readonly key: CaseKey
  readonly holder: ReportedParticulars
  readonly locale: string
  readonly word: string
}

/** The moves of an objection that only police see, because nothing is decided yet. */
const QUIET: readonly ObjectionEvent['move'][] = ['uphold', 'inspect']

/** Returns the carriers' part of an unblock; nothing of the case itself, nor of a block that followed. */
const unblocksOf = async (caseId: string): Promise<CarrierProgress[]> =>
  (await carrierStates(systemScope(), caseId)).filter(({ action }) => action === 'unblock')

/** Returns a holder's own objection; null where it is gone, or they have not shown its secret. */
export async function objectionForHolder(scope: CaseScope, id: string): Promise<ObjectionForHolder | null> {
  const snapshot = await find(scope, { id })
  if (!snapshot) return null
  return inScope(scope, async () => {
    const { key, holder, locale, word } = await openFile(id)
    return { ...(await courseOf(snapshot, await eventsOf(key))), key, holder, locale, word }
  })
}

/**
 * Returns how far an objection is, for a browser that showed a code from its contact or more: nothing of its person, and
 * no written word.
 */
export async function objectionStatus(scope: CaseScope, id: string): Promise<ObjectionCourse | null> {
  if (scope.kind !== 'one' || scope.caseId !== id) return null
  return inScope(scope, async () => {
    const snapshot = await findSent(id)
    return snapshot && courseOf(snapshot, await movesOf(id))
  })
}

async function courseOf(
  snapshot: ObjectionSnapshot,
  events: readonly ObjectionEvent[],
): Promise<ObjectionCourse> {
  const { state, againstId } = snapshot
  return {
    snapshot,
    authority: env().AUTHORITY_NAME,
    undecided: againstId !== null && (await caseSnapshot(systemScope(), againstId))?.noDeciderAt != null,
    carriers: state === 'granted' && againstId !== null ? await unblocksOf(againstId) : [],
    events: events
      .filter(({ move }) => !QUIET.includes(move))
      .map(({ words: { message }, ...event }) => ({ ...event, words: message ? { message } : {} })),
  }
}
