import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { type CaseScope, staffScope } from '#domain/access/scope.ts'
import type { FileRecord, Related, RelatedCase } from '#domain/case/file.ts'
import { parseCaseNumber } from '#domain/case/number.ts'
import type { CaseSnapshot } from '#domain/case/snapshot.ts'
import { ACTIVE_STATES } from '#domain/case/state.ts'
import { type Assignable, assignable, namesOf } from '#server/accounts/loaders.ts'
import { type CarrierProgress, carrierStates } from '#server/exchange/loaders/case.ts'
import { type CaseQuestion, carriersToAsk, questionsAsked } from '#server/exchange/loaders/questions.ts'
import { fileRecord, sameContact, sameImei } from '../repository/case-file.ts'
import { find, hasConsent } from '../repository.ts'

export interface CaseFileView extends FileRecord {
  readonly scope: CaseScope
  readonly snapshot: CaseSnapshot
  /** Names of everybody in the history, by account. */
  readonly names: ReadonlyMap<string, string>
  readonly carriers: readonly CarrierProgress[]
  /** What carriers were asked of the reporter's numbers, newest first. */
  readonly questions: readonly CaseQuestion[]
  /** Whom they may be asked; null without the reporter's consent. */
  readonly mayAsk: readonly { readonly id: string; readonly name: string }[] | null
  readonly sameImei: readonly Related[]
  readonly sameContact: readonly Related[]
  /** The colleagues it can be given to. */
  readonly assignable: readonly Assignable[]
}

async function reach(actor: StaffActor, written: string) {
  const scope = staffScope(actor)
  const number = parseCaseNumber(written)
  if (!scope || !number.ok) return null
  const snapshot = await find(scope, { number: number.value })
  return snapshot && { scope, snapshot }
}

/** The id of the case with this number in somebody's scope; null where there is none. */
export const caseId = async (actor: StaffActor, number: string): Promise<string | null> =>
  (await reach(actor, number))?.snapshot.id ?? null

/** There is a case with this number in somebody's scope. */
export const caseExists = async (actor: StaffActor, number: string): Promise<boolean> =>
  (await reach(actor, number)) !== null

/** The skeleton of a case whose data was erased; null where there is none in somebody's scope. */
export async function erasedCase(actor: StaffActor, number: string): Promise<CaseSnapshot | null> {
  const found = await reach(actor, number)
  return found && found.snapshot.erasedAt !== null ? found.snapshot : null
}

/** A case's file for somebody of the police; null when there is none in their scope, which looks the same. */
export async function caseFile(actor: StaffActor, number: string): Promise<CaseFileView | null> {
  const found = await reach(actor, number)
  if (!found) return null
  const { scope, snapshot } = found
  const file = await fileRecord(scope, snapshot.id)
  if (!file) return null
  const people = [snapshot.filedById, ...file.events.map((event) => event.actorId)].filter(
    (id) => id !== null,
  )
  const seen = (cases: readonly RelatedCase[]): Related[] =>
    cases.map((one) => ({
      ...one,
      reachable: scope.kind === 'city' || (scope.kind === 'area' && scope.areaId === one.areaId),
    }))
  const [names, carriers, questions, agreed, toAsk, imei, contact, colleagues] = await Promise.all([
    namesOf([...new Set(people)]),
    carrierStates(scope, snapshot.id),
    questionsAsked(scope, snapshot.id),
    hasConsent(snapshot.id, 'sim_question'),
    ACTIVE_STATES.includes(snapshot.state) ? carriersToAsk() : [],
    sameImei(
      snapshot.id,
      file.imeis.map(({ key14 }) => key14),
    ),
    sameContact(snapshot.id),
    assignable(snapshot.areaId),
  ])
  return {
    ...file,
    scope,
    snapshot,
    names,
    carriers,
    questions,
    mayAsk: agreed ? toAsk : null,
    sameImei: seen(imei),
    sameContact: seen(contact),
    assignable: colleagues,
  }
}

/** The other cases that a held conflict is about, opened for whoever settles it; empty where there is none. */
export async function rivals(
  view: CaseFileView,
): Promise<readonly { snapshot: CaseSnapshot; file: FileRecord }[]> {
  if (view.snapshot.held !== 'conflict') return []
  const held = view.sameImei.filter((one) => one.held === 'conflict' && one.active && one.reachable)
  const opened = await Promise.all(
    held.map(async ({ id }) => ({
      snapshot: await find(view.scope, { id }),
      file: await fileRecord(view.scope, id),
    })),
  )
  return opened.flatMap(({ snapshot, file }) => (snapshot && file ? [{ snapshot, file }] : []))
}

/** Who of the staff changed a case last; null when it was the citizen, a clock, or nobody the reader may know of. */
export async function lastChangeBy(actor: StaffActor, number: string): Promise<string | null> {
  const found = await reach(actor, number)
  const last = found && (await fileRecord(found.scope, found.snapshot.id))?.events[0]
  return last?.actorId ? ((await namesOf([last.actorId])).get(last.actorId) ?? null) : null
}
