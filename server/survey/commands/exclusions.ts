import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import { err, ok, type Result } from '#domain/result.ts'
import { readReversal } from '#domain/survey/exclusion.ts'
import type { WordFaults } from '#domain/survey/public-words.ts'
import type { Typed } from '#domain/survey/typed.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { transaction } from '#server/platform/db.ts'
import { enqueue } from '#server/platform/queue.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { readmitComments } from '../repository/comments.ts'
import { readmitOne, reverseGroup } from '../repository/exclusions.ts'
import { countOne } from '../repository/publication.ts'
import { questionnaire } from '../repository/questionnaires.ts'
import { publish } from './publish.ts'

export interface Reversal {
  readonly exclusionId: string
  /** Its `reason` is published beside it. */
  readonly typed: Typed
  readonly submitKey: string
}

export type ReversalRefusal = 'forbidden' | 'gone'

/**
 * Reverses the exclusions of one rule at one agency in one month. Their receipts say so at once; the worker then counts
 * the answers in the ordinary way, by tens.
 */
export async function reverseExclusion(
  actor: StaffActor,
  { exclusionId, typed, submitKey }: Reversal,
  now: Instant,
): Promise<Result<string, ReversalRefusal | WordFaults>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  const read = readReversal(typed)
  if (!read.ok) return read
  const reason = read.value
  return actOnce<string, ReversalRefusal>(submitKey, 'survey.reverse_exclusion', now, async (tx) => {
    const group = await reverseGroup(tx, exclusionId, reason, now)
    if (group === null) return err('gone')
    await enqueue(tx, 'survey-readmit', { exclusionId })
    await audit(tx, {
      actor,
      act: 'survey.exclusion_reversed',
      subject: { kind: 'exclusion', id: exclusionId },
      facts: { agency: group.agencyId, rule: group.reason, answers: group.count, reason },
      at: now,
    })
    return ok(exclusionId)
  })
}

/** Few enough that an agency's row is not held for long. */
const AT_A_TIME = 20

/**
 * Counts every answer of a reversed group, a few in each transaction, and then lets its comments wait with the last of
 * them. Doing it again goes on where it stopped.
 */
export async function readmit(exclusionId: string, now: Instant): Promise<void> {
  while (await readmitSome(exclusionId, now)) {}
}

const readmitSome = (exclusionId: string, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    for (let done = 0; done < AT_A_TIME; done++) {
      const key = await readmitOne(tx, exclusionId)
      if (key === null) {
        await readmitComments(tx, exclusionId)
        return false
      }
      // One by one: ten that wait are published before the eleventh is there.
      if (await countOne(tx, key))
        await publish(tx, key.agencyId, await questionnaire(key.questionnaireVersion), now)
    }
    return true
  })
