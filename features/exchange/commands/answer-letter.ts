import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { fromLocal, type Instant, localDate } from '#lib/time.ts'
import { letterById, letterLines } from '../repository/letters.ts'
import { dayFault } from '../rules/letter.ts'
import type { EntryOutcome, RejectionCode } from '../rules/order.ts'
import { recordResults } from './record-results.ts'

export interface LineAnswer {
  readonly outcome: EntryOutcome
  /** With `rejected`. */
  readonly code: RejectionCode | null
}

export interface LetterAnswer {
  readonly letterId: string
  /** The day on which the carrier did it, as its answer says. */
  readonly on: string
  /** The answer for all lines that have none yet; null: only the lines below are answered. */
  readonly all: LineAnswer | null
  /** By the line's place in the book. */
  readonly lines: ReadonlyMap<number, LineAnswer>
}

export type AnswerRefusal =
  | 'forbidden'
  | 'not_found'
  | 'not_handed'
  | 'too_early'
  | 'in_future'
  | 'nothing_said'
  | 'answered'

/**
 * Enters what a carrier answered on paper, by the same rules as results that come by the interface: the same answer
 * twice is harmless, and a line that is done is never taken back. Returns how many lines have something new.
 */
export async function answerLetter(
  actor: StaffActor,
  { letterId, on, all, lines: told }: LetterAnswer,
  now: Instant,
): Promise<Result<number, AnswerRefusal>> {
  if (!may(actor.role, 'letter:manage')) return err('forbidden')
  const letter = await letterById(letterId)
  if (!letter) return err('not_found')
  if (letter.handedOn === null) return err('not_handed')
  const fault = dayFault(on, localDate(letter.madeAt), now)
  if (fault) return err(fault)
  const at = momentOf(on, now).toISOString()
  const lines = await letterLines(letter)
  const rows = lines.flatMap(({ seq, orderId: order, imei, outcome }) => {
    const answer = told.get(Number(seq)) ?? (outcome === null ? all : null)
    return answer
      ? [{ order, imei, outcome: answer.outcome, ...(answer.code && { code: answer.code }), at }]
      : []
  })
  // The same answer was entered for all lines before, perhaps by the same button: nothing is left to do.
  const saidBefore = all !== null && lines.some(({ outcome }) => outcome === all.outcome)
  const answered = lines.every(({ outcome }) => outcome !== null)
  if (rows.length === 0 && saidBefore) return ok(0)
  // A letter that is answered in full takes only corrections of lines that were not done, and repeats.
  if (answered && !correctsOnly(lines, told)) return err('answered')
  if (rows.length === 0) return err('nothing_said')
  const answers = await recordResults(letter.carrierId, rows, now, actor)
  return ok(answers.filter(({ status }) => status === 'recorded').length)
}

const UNDONE: readonly (EntryOutcome | null)[] = ['rejected', 'not_found']

/**
 * Tells whether an answer only corrects lines that were not done, or repeats what is known; false where it has no line.
 */
const correctsOnly = (
  lines: readonly { readonly seq: bigint | number; readonly outcome: EntryOutcome | null }[],
  told: LetterAnswer['lines'],
): boolean =>
  told.size > 0 &&
  lines.every(({ seq, outcome }) => {
    const answer = told.get(Number(seq))
    return !answer || UNDONE.includes(outcome) || answer.outcome === outcome
  })

/** Returns the instant of an answer whose paper says only the day: noon, or now where noon is still to come. */
function momentOf(day: string, now: Instant): Instant {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const noon = fromLocal(year, month, date, 12, 0) ?? now
  return noon < now ? noon : now
}
