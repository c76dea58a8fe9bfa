import { z } from 'zod'
import type { AnswerOf } from '#lib/answer.ts'
import { ID_KINDS } from '#lib/person/national-id.ts'
import {
  BLOCK_REASONS,
  ENTRY_OUTCOMES,
  ORDER_ACTIONS,
  REJECTION_CODES,
  UNBLOCK_REASONS,
} from '../orders/rules.ts'
import { MOST_IMEIS_OF_NUMBER, SIM_ANSWERS } from '../questions/rules.ts'
import { DIFFERENCE_KINDS } from '../reconciliations/rules.ts'

// The carrier interface. These schemas parse the requests of carriers, type the answers, and are the source of
// /api/openapi.json. Descriptions are published in that document.

/** Limits of the carrier interface, published in /api/openapi.json. */
export const INTERFACE_LIMITS = {
  /** Lines in one answer to `changes`, and questions in one to `questions`. */
  changes: { default: 100, max: 1000 },
  waitSeconds: 30,
  /** Rows in one post of results. */
  results: 1000,
  /** Rows in one post of answers. */
  answers: 1000,
  /** Bytes of a posted body: 1,000 results with room to spare. */
  bodyBytes: 1_000_000,
  /** The most by which a carrier's clock may run ahead of ours. */
  clockSkewMs: 5 * 60_000,
} as const

const clockSkew = `${INTERFACE_LIMITS.clockSkewMs / 60_000} minutes`

/** Returns the schema of a whole number in a query or path: digits only. */
const wholeNumber = (range: z.ZodInt) =>
  z
    .string('must be given once')
    .regex(/^\d{1,15}$/, { error: 'must be a whole number, not negative', abort: true })
    .transform(Number)
    .pipe(range)

/** A sequence, as a query or path writes it. */
export const digits = wholeNumber(z.int().min(0))

const between = (min: number, max: number) => {
  const error = `must be from ${min} to ${max}`
  return wholeNumber(z.int().min(min, error).max(max, error))
}

const sequence = z.int().min(0)
const time = z.iso.datetime({ offset: true })
const order = z.uuid()
const counted = (what: string) => z.int().min(0).describe(what)

export const imeiSchema = z
  .string()
  .regex(/^\d{15}$/, 'must be 15 digits')
  .meta({ id: 'Imei', description: 'with its check digit' })

export const listPathSchema = z.object({
  seq: digits.describe('a sequence of your book; 0 is the empty list'),
})

export const changesQuerySchema = z.object({
  after: digits.default(0).describe('the last sequence you have'),
  limit: between(1, INTERFACE_LIMITS.changes.max)
    .default(INTERFACE_LIMITS.changes.default)
    .describe('the most to answer'),
  wait: between(0, INTERFACE_LIMITS.waitSeconds).default(0).describe('seconds to wait when there is none'),
  version: z
    .enum(['1', '2'], 'must be 1 or 2')
    .transform(Number)
    .pipe(z.literal([1, 2]))
    .default(1)
    .describe('2: with what proves each line'),
  known: digits
    .default(0)
    .describe('with version 2: the entries of the newest checkpoint that you kept, for `growth`'),
})

export const listQuerySchema = z.object({
  seq: digits.optional().describe('the line up to which you have carried out your book; its end unless told'),
})

export const differencesQuerySchema = z.object({
  kind: z.enum(DIFFERENCE_KINDS).default('missing').describe('which differences to list'),
  after: imeiSchema.optional().describe('`next` of the page before'),
  limit: between(1, INTERFACE_LIMITS.changes.max)
    .default(INTERFACE_LIMITS.changes.default)
    .describe('the most to answer'),
})

export const entrySchema = z
  .object({
    seq: z.int().min(1),
    order,
    imei: imeiSchema,
    action: z
      .enum(ORDER_ACTIONS)
      .describe(
        'watch: leave the phone in service and tell us of it by `sightings`; it is not on the list in force. It ends with a later line of this IMEI: a block or an unblock. A program that does not know an action rejects it with `not_supported`.',
      ),
    reason: z.enum([...BLOCK_REASONS, ...UNBLOCK_REASONS]),
    legalBasis: z.string(),
    issuedAt: time,
    expiresAt: time
      .optional()
      .describe(
        'when a temporary block ends; informs, do nothing by it. A later line of this IMEI always follows by then: an unblock, or a block that takes its place. A phone is blocked when the newest line of its IMEI is a block.',
      ),
    drill: z
      .literal(true)
      .optional()
      .describe(
        'practice, ordered on a number of reporting body 00 that no phone has: acknowledge it and tell its result like any other, and keep it apart from your list. It is on no list in force. Absent from real orders.',
      ),
  })
  .meta({ id: 'Entry', description: 'A line of the book. An order has one line an IMEI.' })
export type SentLine = AnswerOf<typeof entrySchema>

export const changesSchema = z
  .object({
    after: sequence,
    next: sequence.describe('the last sequence in this answer; `after` when there is none'),
    head: sequence.describe('the last sequence in the book'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('of the lines `seq,order,imei,action,reason,issuedAt`, each ended by a line feed'),
    entries: z.array(entrySchema),
  })
  .meta({ id: 'Changes' })
export type Changes = AnswerOf<typeof changesSchema>

const hash = z.string().regex(/^[0-9a-f]{64}$/)

const lineProofSchema = z
  .object({
    seq: z.int().min(1),
    entry: z
      .string()
      .describe(
        'the bytes of the line’s entry in the log, canonical JSON in UTF-8. `act` is `order.line`; `facts` has `carrier`, `seq`, `lineHash` and `caseHash` (a hash that binds the case and tells you nothing of it; null of a drill).',
      ),
    proof: z
      .array(z.base64())
      .describe('from the hash of the entry at `leaf` to the root of `checkpoint`: RFC 6962, 2.1.1'),
  })
  .meta({ id: 'LineProof' })
export type LineProof = AnswerOf<typeof lineProofSchema>

/** Version 2 of an answer to `changes`, and the body of a push. */
export const provenChangesSchema = changesSchema
  .extend({
    entries: z.array(
      entrySchema
        .extend({
          leaf: z
            .int()
            .min(0)
            .nullable()
            .describe('the index of the line’s entry in the log; null until it is sealed'),
        })
        .meta({ id: 'ProvenEntry' }),
    ),
    carrier: z.string().describe('whose book it is'),
    chain: hash
      .nullable()
      .describe(
        'the running hash of the book up to `next`. It begins with 32 zero bytes; each line makes it the SHA-256 of itself and the line’s hash, 32 bytes each. A line’s hash is the SHA-256 of its entry as canonical JSON (RFC 8785) without `leaf`. Null while older lines are brought up: take no block then.',
      ),
    checkpoint: z
      .string()
      .nullable()
      .describe(
        'the newest signed head of the log (C2SP tlog-checkpoint), by the key of `/api/v1/audit/key` and by witnesses; null before the first',
      ),
    growth: z
      .array(z.base64())
      .nullable()
      .describe(
        'the proof that the log of `known` entries is the beginning of that of `checkpoint`: RFC 6962, 2.1.2. Null where you told none, or more than there are; pushed messages have none',
      ),
    proofs: z.array(lineProofSchema).describe('one a sealed line, in the lines’ order'),
  })
  .meta({ id: 'ProvenChanges' })
export type ProvenChanges = AnswerOf<typeof provenChangesSchema>

export const ackSchema = z
  .object({ upTo: sequence.describe('every line up to here has been received') })
  .meta({ id: 'Acknowledgement' })
export type Acknowledgement = AnswerOf<typeof ackSchema>

const resultOf = {
  order,
  imei: imeiSchema,
  at: time.describe(
    `when it was done; at most ${clockSkew} ahead of our clock; before the order, except for \`already\`, it is recorded as the order's`,
  ),
}
const OTHER_OUTCOMES = ENTRY_OUTCOMES.filter((one) => one !== 'rejected')

export const resultSchema = z
  .discriminatedUnion('outcome', [
    z.object({
      ...resultOf,
      outcome: z
        .enum(OTHER_OUTCOMES)
        .describe(
          'applied: done. already: it was so before; counts as done. not_found: the number is not on your list; an unblock counts as done, a block has failed.',
        ),
      code: z.enum(REJECTION_CODES).optional().describe('goes with `rejected` alone; is ignored here'),
    }),
    z.object({
      ...resultOf,
      outcome: z
        .literal('rejected')
        .describe('not done, `code` says why; your own order has failed, and no other carrier’s is touched'),
      code: z
        .enum(REJECTION_CODES, `rejected needs a code: ${REJECTION_CODES.join(', ')}`)
        .describe(
          'why. shared_imei: you see the IMEI in several phones. City police are called; where another carrier says the same of it, the block is lifted everywhere. What is said of too many orders waits until two people of the relay have asked you.',
        ),
    }),
  ])
  .meta({ id: 'Result' })
export type CarrierResult = z.output<typeof resultSchema>

export const resultsSchema = z
  .object({ results: z.array(resultSchema).max(INTERFACE_LIMITS.results) })
  .meta({ id: 'Results' })

const resultAnswerSchema = z.object({
  order,
  imei: imeiSchema,
  status: z
    .enum(['recorded', 'duplicate', 'contradicts', 'unknown'])
    .describe(
      'duplicate: it says what is recorded. contradicts: it denies what you had told as done, which stands; ask the relay if that was wrong. unknown: not in your book, or from the future. Only recorded changes anything',
    ),
  detail: z.string().optional(),
})
export type ResultAnswer = AnswerOf<typeof resultAnswerSchema>

export const resultAnswersSchema = z
  .object({
    results: z.array(resultAnswerSchema).describe('one answer a row, in the rows’ order'),
    carrier: z.string().describe('whose rows they are'),
    at: time.describe('when they were taken'),
    sha256: hash.describe('of the body that you posted, to the byte'),
  })
  .meta({ id: 'ResultAnswers' })
export type ResultAnswers = AnswerOf<typeof resultAnswersSchema>

const askedOf = {
  seq: z.int().min(1),
  question: z.uuid(),
  msisdn: z
    .string()
    .regex(/^\+84\d{9}$/)
    .describe('E.164; keep it no longer than you need'),
}
const askedWhen = {
  askedAt: time,
  expiresAt: time.describe('an answer after this is not recorded'),
}
const numberInImeiSchema = z
  .object({ ...askedOf, kind: z.literal('number_in_imei'), imei: imeiSchema, ...askedWhen })
  .meta({ id: 'NumberInImei', description: 'Was this number seen in this IMEI in the last 90 days?' })
const subscriber = z.object({
  idKind: z.enum(ID_KINDS),
  idNumber: z.string().describe('a CCCD is 12 digits; a passport as it is written'),
})
const FORGET = 'Compare it and forget it: it belongs in no log, no list and no other system.'
const imeiOfNumberSchema = z
  .object({
    ...askedOf,
    kind: z.literal('imei_of_number'),
    subscriber: subscriber.describe(
      `the person who reports. Answer \`imeis\` only where the subscriber of the number in your own records has this id number; anybody else’s phones are not asked for. ${FORGET}`,
    ),
    ...askedWhen,
  })
  .meta({
    id: 'ImeiOfNumber',
    description:
      'Which phones was this number used in in the last 90 days? Asked where the reporter knows no IMEI, and agreed.',
  })
const notifyHolderSchema = z
  .object({
    ...{ seq: askedOf.seq, question: askedOf.question, kind: z.literal('notify_holder'), imei: imeiSchema },
    text: z.string().describe('to be passed on as it stands'),
    ...askedWhen,
  })
  .meta({
    id: 'NotifyHolder',
    description:
      'Pass this text on to the number that is in this phone now: `yes` once it has gone, `no` where there is none. Who it is, is not told to us.',
  })
const subscriberOfNumberSchema = z
  .object({
    ...askedOf,
    kind: z.literal('subscriber_of_number'),
    subscriber: subscriber.describe(
      `the person who reports. Answer \`yes\` where the subscriber of the number in your own records has this id number. ${FORGET}`,
    ),
    ...askedWhen,
  })
  .meta({
    id: 'SubscriberOfNumber',
    description:
      'Is this the number of this person? Asked where the reporter wants banks told of it, so that nobody has another’s accounts locked.',
  })
const questionSchema = z
  .discriminatedUnion('kind', [
    numberInImeiSchema,
    imeiOfNumberSchema,
    subscriberOfNumberSchema,
    notifyHolderSchema,
  ])
  .meta({
    id: 'Question',
    description: 'Kinds may be added: a question of a kind that you do not know is answered with `unknown`.',
  })
export type SentQuestion = AnswerOf<typeof questionSchema>

export const carrierQuestionsSchema = z
  .object({
    after: sequence,
    next: sequence.describe('where to read on; there are gaps, and it may be more than the last entry'),
    head: sequence.describe('the last sequence among your questions'),
    entries: z.array(questionSchema),
  })
  .meta({ id: 'Questions' })
export type Questions = AnswerOf<typeof carrierQuestionsSchema>

const findCarriersAsked = time
  .optional()
  .describe(`when it was looked up; at most ${clockSkew} ahead of our clock`)
const imeisAnswerSchema = z
  .object({
    question: z.uuid(),
    answer: z.literal('imeis').optional(),
    imeis: z
      .array(z.string().regex(/^\d{14,16}$/, 'must be 14 to 16 digits'))
      .max(MOST_IMEIS_OF_NUMBER)
      .describe(
        'the IMEIs that the number was used in, the latest ones where there are more; none where there was none. As your network knows them: 15 digits, 14 without the check digit or with a 0 in its place, or the 16 of an IMEISV.',
      ),
    at: findCarriersAsked,
  })
  .meta({ id: 'ImeisAnswer', description: 'Answers `imei_of_number`, of your own subscriber alone.' })
const wordAnswerSchema = z
  .object({
    question: z.uuid(),
    answer: z
      .enum([...SIM_ANSWERS, 'not_subscriber'])
      .describe(
        'yes: of `number_in_imei`, `subscriber_of_number` and `notify_holder`. no: of `number_in_imei` and `notify_holder`. not_subscriber: of `imei_of_number` and `subscriber_of_number`, where the number is not yours or its subscriber has another id number: which of the two is not told. unknown: you cannot tell',
      ),
    imeis: z.never().optional(),
    at: findCarriersAsked,
  })
  .meta({ id: 'WordAnswer' })
const answerSchema = z.union([imeisAnswerSchema, wordAnswerSchema]).meta({ id: 'Answer' })
export type CarrierAnswer = z.output<typeof answerSchema>

export const answersSchema = z
  .object({ answers: z.array(answerSchema).max(INTERFACE_LIMITS.answers) })
  .meta({ id: 'Answers' })

const answerReceiptSchema = z.object({
  question: z.uuid(),
  status: z
    .enum(['recorded', 'duplicate', 'unknown'])
    .describe(
      'duplicate: the first answer stands; unknown: not yours, expired, taken back, not an answer to its kind, no IMEI, or from the future; nothing was recorded',
    ),
  detail: z.string().optional(),
})
export type AnswerReceipt = AnswerOf<typeof answerReceiptSchema>

export const answerReceiptsSchema = z
  .object({ results: z.array(answerReceiptSchema).describe('one a row, in the rows’ order') })
  .meta({ id: 'AnswerReceipts' })
export type AnswerReceipts = AnswerOf<typeof answerReceiptsSchema>

export const SIGHTING_KINDS = ['attach', 'sim_change'] as const

export const sightingsSchema = z
  .object({
    sightings: z
      .array(
        z
          .object({
            imei: imeiSchema,
            at: time.describe(`when you saw it; at most ${clockSkew} ahead of our clock`),
            kind: z
              .enum(SIGHTING_KINDS)
              .describe('attach: it tried to connect. sim_change: it tried with another SIM.'),
            area: z
              .string()
              .trim()
              .min(1)
              .max(120)
              .optional()
              .describe('where, as far as you know it, such as a ward; police read it with a reason'),
            served: z
              .boolean()
              .default(false)
              .describe(
                'true: your network let it in. After you have told the block as done, that is a fault.',
              ),
          })
          .meta({
            id: 'Sighting',
            description: 'A try of a phone that is on your list. It never has a number.',
          }),
      )
      .max(INTERFACE_LIMITS.results),
  })
  .meta({ id: 'Sightings' })
export type CarrierSighting = z.output<typeof sightingsSchema>['sightings'][number]

const sightingAnswerSchema = z.object({
  imei: imeiSchema,
  at: time,
  status: z
    .enum(['recorded', 'duplicate', 'unknown'])
    .describe('unknown: the newest line of your book for it is no block of a case, or it is from the future'),
  detail: z.string().optional(),
})
export type SightingAnswer = AnswerOf<typeof sightingAnswerSchema>
export const sightingAnswersSchema = z
  .object({ results: z.array(sightingAnswerSchema).describe('one answer a row, in the rows’ order') })
  .meta({ id: 'SightingAnswers' })
export type SightingAnswers = AnswerOf<typeof sightingAnswersSchema>

export const listReceivedSchema = z.object({ id: z.uuid() })
export type ListReceived = AnswerOf<typeof listReceivedSchema>

export const RECONCILIATION_STATES = ['receiving', 'comparing', 'done', 'failed'] as const
export const reconciliationSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(RECONCILIATION_STATES),
    seq: counted('the line of the book as of which it is compared'),
    phones: counted('phones on your list, each once'),
    invalid: counted('rows without an IMEI'),
    matched: counted('in both'),
    pending: counted('ordered, and not answered or newer than the list: no difference'),
    missing: counted('you reported a block as done, and do not list it'),
    extra: counted('you reported an unblock as done, and still list it'),
    foreign: counted('listed by you, and never ordered: never will be by this'),
    kind: z.enum(DIFFERENCE_KINDS),
    differences: z.array(imeiSchema),
    next: imeiSchema.nullable().describe('the `after` of the next page'),
  })
  .meta({ id: 'Reconciliation' })
export type ReconciliationAnswer = AnswerOf<typeof reconciliationSchema>
