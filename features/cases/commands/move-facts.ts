import '#server-only'
import { type OpenedProof, openedProof } from '#features/disclosures/queries.ts'
import type { Actor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { widenScope } from '#platform/scope.ts'
import { claimTaken } from '../queries/blocking.ts'
import { lockCase } from '../repository/cases.ts'
import { decidedBeforeReview, foundBlockRight, judgedOther, wroteDown } from '../repository/deciders.ts'
import { countSystemEventsSince } from '../repository/events.ts'
import { objectionsAgainst } from '../repository/objections.ts'
import { type Move, needs, ruleOf } from '../rules/moves.ts'
import { type GivenCheck, type JudgedProof, restsOnProof } from '../rules/proof.ts'
import { type CaseSnapshot, weighsObjections } from '../rules/snapshot.ts'

// Facts that the rule of a move needs and that are not in the case's snapshot.

export interface Judged extends JudgedProof {
  readonly openedAt: Instant | null
}

/**
 * Returns the evidence that a person's move rests on, kept as it is until the transaction ends; null for other moves.
 * Of a block that its holder objects to, the holder's evidence as well: no unblock is decided on one side's word.
 */
export async function judgedProof(
  tx: Tx,
  c: CaseSnapshot,
  actor: Actor,
  { move, check = {} }: { readonly move: Move; readonly check?: GivenCheck },
): Promise<Judged | null> {
  if (actor.kind !== 'staff' || !restsOnProof(move)) return null
  // A file comes with a move, and a move locks the case first: in the same order two of them cannot deadlock.
  await lockCase(tx, c.id)
  const ids = [c.id, ...(weighsObjections(c) ? await objectionsAgainst(c.id, tx) : [])]
  const opened: (OpenedProof | null)[] = []
  for (const id of ids) opened.push(await openedProof(tx, actor.id, id))
  const times = opened.flatMap((one) => (one?.openedAt ? [one.openedAt.getTime()] : []))
  const seen = times.length === ids.length
  return { files: opened[0]?.files ?? 0, seen, check, openedAt: seen ? new Date(Math.max(...times)) : null }
}

/**
 * Tells whether a case is still the version that its reader saw. For a citizen, changes by carriers and clocks do not
 * count: they come while the citizen writes, and the rules decide whether the act is still possible.
 */
export async function isAsSeen(tx: Tx, c: CaseSnapshot, seen: number | null, actor: Actor): Promise<boolean> {
  if (seen === null || seen === c.version) return true
  return actor.kind === 'citizen' && (await countSystemEventsSince(tx, c.id, seen)) === c.version - seen
}

/**
 * Tells whether another case has the primary claim on one of these phones; false for a move whose rule does not ask. A
 * case with the claim on its own phones may still meet another's claim when it is given one more IMEI.
 */
export async function isClaimTaken(tx: Tx, move: Move, c: CaseSnapshot, keys: string[]): Promise<boolean> {
  if (!needs(move, 'claimTaken') || (c.primaryClaim && ruleOf(move).setsImei !== true)) return false
  await widenScope(tx, systemScope())
  return claimTaken(tx, c.id, keys)
}

/** Tells whether a person judged another claim on the same phones; false for a move that they may still make then. */
export async function hasJudgedOther(tx: Tx, move: Move, c: CaseSnapshot, keys: string[], actor: Actor) {
  if (!ruleOf(move).notBy.includes('judge_of_other_claim') || actor.kind !== 'staff') return false
  await widenScope(tx, systemScope())
  return judgedOther(tx, c.id, keys, actor.id)
}

/** Tells whether a person decided a case before its review; false for a move that they may still make then. */
export const hasDecidedBefore = async (tx: Tx, move: Move, c: CaseSnapshot, actor: Actor): Promise<boolean> =>
  ruleOf(move).notBy.includes('earlier_decider') &&
  actor.kind === 'staff' &&
  decidedBeforeReview(c, actor.id, tx)

/** Tells whether a person wrote down at the desk what a move decides; false for a move that they may still make then. */
export const hasWrittenDown = async (tx: Tx, move: Move, c: CaseSnapshot, actor: Actor): Promise<boolean> =>
  ruleOf(move).notBy.includes('desk_writer') && actor.kind === 'staff' && wroteDown(c.id, actor.id, tx)

/**
 * Tells whether a person verified or approved a block that is objected to; false for a move that they may still make
 * then.
 */
export const hasFoundBlockRight = async (
  tx: Tx,
  move: Move,
  c: CaseSnapshot,
  actor: Actor,
): Promise<boolean> =>
  ruleOf(move).notBy.includes('decider_of_contested_block') &&
  actor.kind === 'staff' &&
  foundBlockRight(c, actor.id, tx)
