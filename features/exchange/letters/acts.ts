import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { act, isRefusal, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { Actor, StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { fromLocal, type Instant, localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { enqueue } from '#platform/queue.ts'
import { acknowledgeIn } from '../book/acts.ts'
import { linesAfter } from '../book/data.ts'
import { lockAcknowledgement, lockCarrier } from '../carriers/data.ts'
import { wayOf } from '../delivery/rules.ts'
import type { EntryOutcome, RejectionCode } from '../orders/rules.ts'
import { recordResults } from '../results/acts.ts'
import { cameOtherwise, findLetter, letterLines } from './data.ts'
import {
  annexOf,
  dayFault,
  HANDOVERS,
  type LetterFacts,
  type LetterNumber,
  LINES_A_LETTER,
  letterNumber,
} from './rules.ts'

/** Parses day, month and year, in that order, to `YYYY-MM-DD`. */
export const letterDay = z.string('letter.day_missing').transform((written, context) => {
  const read = parseDay(written)
  if (read.ok) return localDate(read.value)
  context.addIssue({
    code: 'custom',
    message: read.error === 'empty' ? 'letter.day_missing' : `letter.day_${read.error}`,
  })
  return z.NEVER
})

const letterPage = (letter: string) =>
  ({ pathname: '/admin/orders/letters/[letter]', params: { letter } }) as const

/** Makes a letter of the new lines now, for a person of the relay who does not wait for the schedule. Returns its id. */
export const makeLetterNow = act({
  name: 'letter.make',
  once: () => 'letter.make',
  permission: 'letter:manage',
  faults: 'letter',
  page: (_, letter) => letterPage(letter),
  input: z.object({ carrierId: z.string().max(40) }),
  async run({ tx, actor, input: { carrierId }, now }) {
    const made = await makeLetter(tx, carrierId, actor, now)
    return isRefusal(made) ? made : logged(made)
  },
})

/**
 * Makes a letter of the next lines of a carrier's book. The carrier's row is locked, so a line is in one letter only. The year's
 * number is taken in the same transaction, so none is skipped.
 */
export async function makeLetter(tx: Tx, carrierId: string, by: Actor, now: Instant) {
  const addressee = await findNameOnPaper(tx, carrierId)
  if (addressee === null) return refuse('not_on_paper')
  const { head } = await lockAcknowledgement(tx, carrierId)
  const after = await letteredUpTo(tx, carrierId)
  if (after >= head) return refuse('nothing_new')
  const upTo = Math.min(head, after + LINES_A_LETTER)
  const lines = await linesAfter(carrierId, after, upTo, LINES_A_LETTER, tx)
  const number = await takeLetterNumber(tx, Number(localDate(now).slice(0, 4)))
  const id = randomUUID()
  const annexSha256 = createHash('sha256').update(annexOf(lines)).digest('hex')
  const facts = {
    authority: env().AUTHORITY_NAME,
    addressee,
    legalBases: [...new Set(lines.map(({ legalBasis }) => legalBasis))],
  } satisfies LetterFacts
  const made = { madeAt: now, madeById: by.kind === 'staff' ? by.id : null }
  const span = { carrierId, after, upTo, rows: lines.length }
  await tx.carrierLetter.create({
    data: { id, ...number, ...span, facts, annexSha256, ...made },
    select: { id: true },
  })
  await audit(tx, {
    actor: by,
    act: 'letter.make',
    subject: { kind: 'letter', id },
    facts: { carrier: carrierId, number: letterNumber(number), from: after + 1, upTo, annex: annexSha256 },
    at: now,
  })
  await enqueue(tx, 'letter-draw', { letterId: id })
  return id
}

async function findNameOnPaper(tx: Tx, carrierId: string): Promise<string | null> {
  const row = await tx.carrier.findUnique({ where: { id: carrierId }, select: { name: true, way: true } })
  return row && wayOf(row.way).sentBy === 'relay' ? row.name : null
}

/** Takes the next number of a year. The counter's row stays locked, so a number is used with its letter or not at all. */
async function takeLetterNumber(tx: Tx, year: number): Promise<LetterNumber> {
  const [row] = await tx.$queryRaw<{ last: number }[]>`
    INSERT INTO letter_counters (year, last) VALUES (${year}, 1)
    ON CONFLICT (year) DO UPDATE SET last = letter_counters.last + 1 RETURNING last`
  return { year, ordinal: row?.last ?? 0 }
}

/** Returns the sequence up to which a carrier's book is acknowledged or in letters: the next letter begins after it. */
async function letteredUpTo(tx: Tx, carrierId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ upTo: bigint }[]>`
    SELECT greatest(acked_seq, (SELECT max(up_to) FROM carrier_letters WHERE carrier_id = carrier.id)) AS "upTo"
    FROM carriers carrier WHERE id = ${carrierId}`
  return Number(row?.upTo ?? 0)
}

const ofLetter = z.object({ letterId: z.uuid('general.invalid') })

const onLetter = {
  permission: 'letter:manage',
  faults: 'letter',
  page: ({ letterId }: z.output<typeof ofLetter>) => letterPage(letterId),
  subject: {
    async lock(tx: Tx, { letterId }: z.output<typeof ofLetter>) {
      await tx.$queryRaw`SELECT 1 FROM carrier_letters WHERE id = ${letterId}::uuid FOR UPDATE`
      return (await findLetter(letterId, tx)) ?? refuse('not_found')
    },
    entry: ({ id }: { readonly id: string }) => ({ subject: { kind: 'letter', id } as const }),
  },
} as const

/**
 * Records when and how a letter was handed over, once. If the carrier may have received its lines another way, this needs
 * `handedMeant`; otherwise it would get the same order twice.
 */
export const handOverLetter = act({
  ...onLetter,
  name: 'letter.hand_over',
  once: () => 'letter.hand_over',
  input: ofLetter.extend({
    handedOn: letterDay,
    handedBy: z.enum(HANDOVERS, 'letter.how_missing'),
    handedMeant: z.literal('yes').optional(),
  }),
  async run({ tx, subject: letter, input: { handedOn: on, handedBy: how, handedMeant }, now }) {
    if (letter.pdfSha256 === null) return refuse('not_drawn')
    if (letter.handedOn !== null) return refuse('done')
    const fault = dayFault(on, localDate(letter.madeAt), now)
    if (fault) return refuse(fault, 'handedOn')
    await lockCarrier(tx, letter.carrierId)
    if (handedMeant !== 'yes' && (await cameOtherwise(letter, tx)))
      return refuse('came_otherwise', 'handedMeant')
    const data = { handedOn: new Date(on), handedBy: how }
    await tx.carrierLetter.update({ where: { id: letter.id }, data, select: { id: true } })
    return { on, how }
  },
})

/**
 * Records that the carrier has a letter, once. Its lines count as acknowledged as soon as every earlier letter has arrived too.
 */
export const receiveLetter = act({
  ...onLetter,
  name: 'letter.receive',
  once: () => 'letter.receive',
  input: ofLetter.extend({
    receivedOn: letterDay,
    receivedAs: z.string().trim().max(60, 'letter.as_too_long').default(''),
  }),
  async run({ tx, subject: letter, actor, input: { receivedOn: on, receivedAs }, now }) {
    if (letter.handedOn === null) return refuse('not_handed')
    if (letter.receivedOn !== null) return refuse('done')
    // If every line is answered the carrier has the letter, and there is no receipt to record.
    if ((await letterLines(letter, tx)).every(({ outcome }) => outcome !== null)) return refuse('answered')
    const fault = dayFault(on, letter.handedOn, now)
    if (fault) return refuse(fault, 'receivedOn')
    await lockCarrier(tx, letter.carrierId)
    const data = { receivedOn: new Date(on), receivedAs: receivedAs || null }
    await tx.carrierLetter.update({ where: { id: letter.id }, data, select: { id: true } })
    const upTo = await receivedUpTo(tx, letter.carrierId)
    if (upTo !== null) await acknowledgeIn(tx, letter.carrierId, upTo, now, actor)
    return { on }
  },
})

/**
 * Returns the sequence up to which a carrier has every letter: one that arrived says nothing of an earlier one. Null while the
 * first is under way. Call with the carrier locked.
 */
async function receivedUpTo(tx: Tx, carrierId: string): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ upTo: bigint | null }[]>`
    SELECT max(letter.up_to) AS "upTo" FROM carrier_letters letter JOIN carriers c ON c.id = letter.carrier_id
    WHERE letter.carrier_id = ${carrierId} AND letter.received_on IS NOT NULL AND NOT EXISTS (
      SELECT FROM carrier_letters missing
      WHERE missing.carrier_id = letter.carrier_id AND missing.received_on IS NULL
        AND missing.up_to > c.acked_seq AND missing.up_to < letter.up_to
    )`
  return row?.upTo == null ? null : Number(row.upTo)
}

interface LineAnswer {
  readonly outcome: EntryOutcome
  /** Set with `rejected`. */
  readonly code: RejectionCode | null
}

interface LetterAnswer {
  readonly letterId: string
  readonly on: string
  /** The answer for all lines without one; null if only the lines below are answered. */
  readonly all: LineAnswer | null
  /** By sequence in the book. */
  readonly lines: ReadonlyMap<number, LineAnswer>
}

/**
 * Records a carrier's answers on paper, by the rules for results from the interface: a repeated answer is harmless, and a line
 * that is done never goes back. Returns the number of lines with a new result.
 */
export async function answerLetter(
  actor: StaffActor,
  { letterId, on, all, lines: told }: LetterAnswer,
  now: Instant,
): Promise<
  Result<number, 'forbidden' | 'not_found' | 'not_handed' | 'empty' | 'answered' | 'too_early' | 'in_future'>
> {
  if (!may(actor.role, 'letter:manage')) return err('forbidden')
  const letter = await findLetter(letterId)
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
  // The same answer was recorded for all lines before, perhaps by a second press of the button.
  const saidBefore = all !== null && lines.some(({ outcome }) => outcome === all.outcome)
  const answered = lines.every(({ outcome }) => outcome !== null)
  if (rows.length === 0 && saidBefore) return ok(0)
  // A fully answered letter takes only corrections of lines not done, and repeats.
  if (answered && !correctsOnly(lines, told)) return err('answered')
  if (rows.length === 0) return err('empty')
  const answers = await recordResults(letter.carrierId, rows, now, actor)
  return ok(answers.filter(({ status }) => status === 'recorded').length)
}

const UNDONE: readonly (EntryOutcome | null)[] = ['rejected', 'not_found']

/** Checks whether an answer only corrects lines not done or repeats known results; false without lines. */
const correctsOnly = (
  lines: readonly { readonly seq: bigint | number; readonly outcome: EntryOutcome | null }[],
  told: LetterAnswer['lines'],
): boolean =>
  told.size > 0 &&
  lines.every(({ seq, outcome }) => {
    const answer = told.get(Number(seq))
    return !answer || UNDONE.includes(outcome) || answer.outcome === outcome
  })

/** Returns the instant of an answer that gives only the day: noon, or now if noon is still to come. */
function momentOf(day: string, now: Instant): Instant {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const noon = fromLocal(year, month, date, 12, 0) ?? now
  return noon < now ? noon : now
}
