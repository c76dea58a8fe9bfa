import '#server-only'
import { namesOf } from '#features/accounts/data.ts'
import { decidersOf, supervisorsElsewhere } from '#features/accounts/police-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { type CaseDecision, moveOf } from '../decisions/rules.ts'
import { partsHad } from '../moves/refusals-rules.ts'
import { find } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { matterOf, undecided } from './data.ts'
import { lendsPeople } from './lending-rules.ts'
import {
  type Advice,
  adviceOn,
  closedTo,
  excludedFrom,
  factsFor,
  type Matter,
  mayUphold,
  type Question,
  questionOf,
  type StillDeciding,
} from './rules.ts'

/** Returns who may still decide a case that the reader has open, and what each of some decisions would leave to others. */
export const stillDeciding = (
  reader: StaffActor,
  c: CaseSnapshot,
  decisions: readonly CaseDecision[],
  now: Instant,
): Promise<StillDeciding> =>
  inScope(systemScope(), async () => {
    const m = await matterOf(c)
    const sides = [c.id, ...m.others.map((other) => other.c.id)]
    const { people, there } = await decidersOf(c.unitId, sides, now)
    const closed = closedTo(m, people, now)
    const advice = new Map<CaseDecision, Advice>()
    if (closed.length === 0)
      for (const decision of decisions) {
        const said = adviceOn(m, moveOf(decision, c.state), reader, people, there, now)
        if (said) advice.set(decision, said)
      }
    const excluded = closed.length > 0 ? excludedFrom(m, people) : []
    const leftTo = [...advice.values()].flatMap(({ leaveTo }) => leaveTo)
    const names = await namesOf([...new Set([...leftTo, ...excluded.map(({ id }) => id)])])
    return {
      closed: [...new Set(closed.map(({ ending }) => ending))],
      excluded: excluded.map(({ id, by }) => ({ name: names.get(id) ?? '', by })),
      advice,
      names,
      upholds: c.held === 'conflict' ? await upheldBy(reader, m, now) : [],
    }
  })

/** Returns the sides of a conflict that a person may uphold: each is asked with every case that would be rejected for it. */
async function upheldBy(reader: StaffActor, m: Matter, now: Instant): Promise<string[]> {
  const numbers: string[] = []
  for (const { c } of [m.side, ...m.others]) {
    if (c.held !== 'conflict') continue
    // Another side may stand against cases on a phone that this one does not claim.
    const own = c.id === m.side.c.id ? m : await matterOf(c)
    if (mayUphold(own, c.id, reader, now)) numbers.push(c.number)
  }
  return numbers
}

export interface Lendable {
  readonly question: Question
  /** The case, and the other sides where it is in a conflict. */
  readonly caseIds: readonly string[]
  /** Those of other units who had no part in any of it. */
  readonly people: readonly StaffActor[]
}

/** Returns who may be lent to a case; null where somebody may decide it, so that nobody is. */
export async function lendable(c: CaseSnapshot, now: Instant, tx?: Tx): Promise<Lendable | null> {
  const question = questionOf(c)
  if (question === null || c.noDeciderAt === null) return null
  const m = await matterOf(c, tx)
  const held = question === 'conflict' ? m.others.filter((other) => other.c.held === 'conflict') : []
  const caseIds = [c.id, ...held.map((other) => other.c.id)]
  const own = await decidersOf(c.unitId, caseIds, now, tx)
  if (closedTo(m, own.people, now).length === 0) return null
  const { people, there } = await supervisorsElsewhere(c.unitId, now, tx)
  const fits = ({ id }: StaffActor) =>
    there.has(id) &&
    !own.people.some((one) => one.id === id) &&
    partsHad(c, id, factsFor(m, id)).length === 0 &&
    held.every((side) => !side.judges.includes(id))
  return { question, caseIds, people: people.filter(fits) }
}

/** A case that nobody may decide, as an admin sees it: nothing of what is in it. */
export interface UndecidedCase extends Pick<Lendable, 'question' | 'people'> {
  readonly number: string
  readonly unitId: string
  readonly since: Instant
}

/** The most that are listed; more at once would be a city without police. */
const MOST = 20

/** Returns the cases that nobody may decide, the oldest first, for an admin; empty for anybody else. */
export async function undecidedCases(actor: StaffActor, now: Instant): Promise<readonly UndecidedCase[]> {
  if (!lendsPeople(actor)) return []
  return inScope(systemScope(), async () => {
    const listed: UndecidedCase[] = []
    for (const c of await undecided(MOST)) {
      const open = await lendable(c, now)
      if (open && c.noDeciderAt)
        listed.push({ number: c.number, unitId: c.unitId, since: c.noDeciderAt, ...open })
    }
    return listed
  })
}

/** Returns the number and unit of the cases of a loan, for an admin who decides it. */
export const loanShown = async (
  actor: StaffActor,
  caseIds: readonly string[],
): Promise<readonly { readonly number: string; readonly unitId: string }[]> => {
  if (!lendsPeople(actor)) return []
  const found = await Promise.all(caseIds.map((id) => find(systemScope(), { id })))
  return found.flatMap((c) => (c ? [{ number: c.number, unitId: c.unitId }] : []))
}
