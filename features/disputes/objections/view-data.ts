import '#server-only'
import { namesOf } from '#features/accounts/data.ts'
import { hearingUntil, readHearingOn } from '#features/cases/conflict/data.ts'
import { readCaseFile } from '#features/cases/file/page-data.ts'
import { masked, type ReportedParticulars } from '#features/cases/particulars/rules.ts'
import { readCaseSnapshot, readReporter } from '#features/cases/record/page-data.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { openedCases, openingsOf, seenCases } from '#features/disclosures/openings/data.ts'
import { countScreensSince, listEvidence, listSameFiles } from '#features/evidence/files/page-data.ts'
import { carrierStates } from '#features/exchange/case-orders/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { type CaseScope, staffScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { isHeard } from '../sides/rules.ts'
import {
  findObjection,
  listEventsOf,
  OBJECTION_SNAPSHOT,
  type ObjectionEvent,
  openObjectionFile,
} from './data.ts'
import { objectionsAgainst } from './queue-data.ts'
import { type ObjectionSnapshot, objectionNumbers } from './rules.ts'

export type ObjectionForPolice = NonNullable<Awaited<ReturnType<typeof objectionForPolice>>>

/** Returns an objection with both sides, for police; null if it does not exist or is outside their scope, which look the same. */
export async function objectionForPolice(reader: StaffReader, written: string, now: Instant) {
  const scope = staffScope(reader)
  const number = objectionNumbers.parse(written)
  const snapshot = scope && number.ok ? await findObjection(scope, { number: number.value }) : null
  if (!scope || !snapshot) return null
  const { id, againstId } = snapshot
  const file = await inScope(scope, () => openObjectionFile(id))
  const [opened, seen, openings, events, sameFiles, against] = await Promise.all([
    openedCases(reader, [id], now),
    seenCases(reader, [id]),
    openingsOf(scope, id),
    inScope(scope, () => listEventsOf(id, file.key)),
    listSameFiles(scope, id),
    againstId === null ? null : readCaseSnapshot(scope, againstId),
  ])
  const openUntil = opened.get(id) ?? null
  const people = [...events.map((event) => event.actorId), ...openings.map((one) => one.accountId)]
  const [evidence, screens, names, view, others] = await Promise.all([
    listEvidence(scope, id, openUntil !== null),
    countScreensSince(id, file.wordAt),
    namesOf([...new Set(people.filter((one) => one !== null))]),
    against ? readCaseFile(reader, against.number, now) : null,
    againstId === null ? [] : objectionsAgainst(scope, againstId),
  ])
  const hearing = against && (await inScope(scope, () => readHearingOn(against, snapshot)))
  return {
    scope,
    snapshot,
    /** Masked until the reader has opened it. */
    holder: openUntil === null ? masked(file.holder) : file.holder,
    openUntil,
    seenAll: seen.has(id) && (view === null || view.seen),
    word: file.word,
    evidence,
    /** Photos of the screen beside the current code word. */
    screens,
    sameFiles,
    events,
    openings,
    names,
    /** The case that blocks the phone, as its own page shows it; null once that case is erased. */
    against: view,
    hearingUntil:
      hearing && (hearing.hearingUntil ?? (snapshot.sentAt && (await hearingUntil(snapshot.sentAt)))),
    heard: hearing === null || isHeard(hearing, now),
    /** Facts that the decider must not overlook. */
    flags: {
      /** A carrier has seen the IMEI in several phones. */
      shared: against !== null && (against.sharedAt ?? against.sharedDueAt) !== null,
      /** Number of other objections to the same block: two phones may have one number. */
      others: others.filter((one) => one.number !== snapshot.number).length,
      samePerson: against !== null && (await isSamePerson(scope, against, file.holder)),
    },
  }
}

async function isSamePerson(scope: CaseScope, { id }: CaseSnapshot, holder: ReportedParticulars) {
  const reporter = await readReporter(scope, id)
  return (
    reporter !== null &&
    (reporter.nationalId === holder.nationalId || reporter.contact?.value === holder.contact.value)
  )
}

export type ObjectionCourse = Awaited<ReturnType<typeof courseOf>>

/** Moves that only police see, because nothing is decided yet. */
const QUIET: readonly ObjectionEvent['move'][] = ['uphold', 'inspect']

export async function objectionForHolder(scope: CaseScope, id: string) {
  const snapshot = await findObjection(scope, { id })
  if (!snapshot) return null
  return inScope(scope, async () => {
    const { key, holder, locale, word } = await openObjectionFile(id)
    return { ...(await courseOf(snapshot, await listEventsOf(id, key))), key, holder, locale, word }
  })
}

/** Returns the progress of an objection for a browser with at least a code from its contact, without personal data or texts. */
export async function objectionStatus(scope: CaseScope, id: string): Promise<ObjectionCourse | null> {
  if (scope.kind !== 'one' || scope.caseId !== id) return null
  return inScope(scope, async () => {
    // A browser with only a code reads this, and nothing under the objection's key.
    const sent = { id, state: { not: 'draft' } } as const
    const snapshot = await db.objection.findFirst({ where: sent, select: OBJECTION_SNAPSHOT })
    return snapshot && courseOf(snapshot, await listEventsOf(id, null))
  })
}

async function courseOf(snapshot: ObjectionSnapshot, events: readonly ObjectionEvent[]) {
  const { state, againstId } = snapshot
  const lifted = state === 'granted' && againstId !== null
  return {
    snapshot,
    authority: env().AUTHORITY_NAME,
    /** Nobody is left who may decide it, so no date is promised. */
    undecided: againstId !== null && (await readCaseSnapshot(systemScope(), againstId))?.noDeciderAt != null,
    /** The carriers' part of an unblock; nothing of the case itself or of a later block. */
    carriers: lifted
      ? (await carrierStates(systemScope(), againstId)).filter(({ action }) => action === 'unblock')
      : [],
    /** The events that the holder may read, newest first. */
    events: events
      .filter(({ move }) => !QUIET.includes(move))
      .map(({ words: { message }, ...event }) => ({ ...event, words: message ? { message } : {} })),
  }
}
