import { createHash } from 'node:crypto'
import { digestLine } from '#domain/exchange/book.ts'
import { LIMITS } from '#domain/exchange/interface.ts'
import { BLOCK_REASONS, ENTRY_OUTCOMES, REJECTION_CODES, UNBLOCK_REASONS } from '#domain/exchange/order.ts'
import { bearer, IMEI, readingOn, sequence, sha256, time } from './carrier-parts.ts'
import { json, PROBLEMS, parameter, ref } from './parts.ts'

const order = { type: 'string', format: 'uuid' }

const ORDER = '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11'
const LINE = {
  seq: 1,
  order: ORDER,
  imei: IMEI,
  action: 'block',
  reason: 'robbed',
  issuedAt: '2026-11-24T08:00:00.000Z',
} as const

/** The answer to `changes`, and the message that is pushed. */
export const CHANGES_EXAMPLE = {
  after: 0,
  next: 1,
  head: 1,
  sha256: createHash('sha256').update(digestLine(LINE)).digest('hex'),
  entries: [{ ...LINE, legalBasis: 'Luật Viễn thông 24/2023/QH15' }],
}

export const BOOK_SCHEMAS = {
  Entry: {
    type: 'object',
    description: 'A line of the book. An order has one line an IMEI.',
    required: ['seq', 'order', 'imei', 'action', 'reason', 'legalBasis', 'issuedAt'],
    properties: {
      seq: { type: 'integer', minimum: 1 },
      order,
      imei: ref('Imei'),
      action: { enum: ['block', 'unblock'] },
      reason: { enum: [...BLOCK_REASONS, ...UNBLOCK_REASONS] },
      legalBasis: { type: 'string' },
      issuedAt: time,
      expiresAt: {
        ...time,
        description:
          'when a temporary block ends; informs, do nothing by it. A later line of this IMEI always follows by then: an unblock, or a block that takes its place. A phone is blocked when the newest line of its IMEI is a block.',
      },
      drill: {
        const: true,
        description:
          'practice, ordered on a number of reporting body 00 that no phone has: acknowledge it and tell its result like any other, and keep it apart from your list. It is on no list in force. Absent from real orders.',
      },
    },
  },
  Changes: {
    type: 'object',
    required: ['after', 'next', 'head', 'sha256', 'entries'],
    properties: {
      after: sequence,
      next: { ...sequence, description: 'the last sequence in this answer; `after` when there is none' },
      head: { ...sequence, description: 'the last sequence in the book' },
      sha256: {
        ...sha256,
        description: 'of the lines `seq,order,imei,action,reason,issuedAt`, each ended by a line feed',
      },
      entries: { type: 'array', items: ref('Entry') },
    },
  },
  Acknowledgement: {
    type: 'object',
    required: ['upTo'],
    properties: { upTo: { ...sequence, description: 'every line up to here has been received' } },
  },
  Result: {
    type: 'object',
    required: ['order', 'imei', 'outcome', 'at'],
    properties: {
      order,
      imei: ref('Imei'),
      outcome: { enum: ENTRY_OUTCOMES },
      code: { enum: REJECTION_CODES, description: 'why, with `rejected`' },
      at: {
        ...time,
        description: `when it was done; at most ${LIMITS.clockSkewMs / 60_000} minutes ahead of our clock`,
      },
    },
  },
  Results: {
    type: 'object',
    required: ['results'],
    properties: { results: { type: 'array', maxItems: LIMITS.results, items: ref('Result') } },
  },
  ResultAnswers: {
    type: 'object',
    required: ['results'],
    properties: {
      results: {
        type: 'array',
        description: 'one answer a row, in the rows’ order',
        items: {
          type: 'object',
          required: ['order', 'imei', 'status'],
          properties: {
            order,
            imei: ref('Imei'),
            status: {
              enum: ['recorded', 'duplicate', 'unknown'],
              description: 'unknown: not in your book, or from the future; nothing was changed',
            },
            detail: { type: 'string' },
          },
        },
      },
    },
  },
}

const changes = {
  ...bearer,
  operationId: 'changes',
  summary: 'Read your book: gapless and ascending from 1',
  description: 'Reading from any place is free and changes nothing. With `wait` it is a long poll.',
  parameters: readingOn,
  responses: {
    '200': {
      description: 'The lines after `after`, as many as fit.',
      ...json(ref('Changes'), CHANGES_EXAMPLE),
    },
    ...PROBLEMS.badParameters,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.beyondHead,
    ...PROBLEMS.failed,
  },
}

const ack = {
  ...bearer,
  operationId: 'acknowledge',
  summary: 'Say how much of your book you have received',
  description: 'It never goes back: an older acknowledgement is harmless and answers the newer one.',
  requestBody: { required: true, ...json(ref('Acknowledgement'), { upTo: 1 }) },
  responses: {
    '200': { description: 'How much is known to be received.', ...json(ref('Acknowledgement'), { upTo: 1 }) },
    ...PROBLEMS.badBody,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.beyondHead,
    ...PROBLEMS.failed,
  },
}

const results = {
  ...bearer,
  operationId: 'results',
  summary: 'Tell what you did',
  description:
    'In any order and in parts. The same result twice is harmless. A failure may be corrected by a better result; what is done is never taken back.',
  requestBody: {
    required: true,
    ...json(ref('Results'), {
      results: [{ order: ORDER, imei: IMEI, outcome: 'applied', at: '2026-11-24T08:00:05Z' }],
    }),
  },
  responses: {
    '200': {
      description: 'One answer a row, in the same order.',
      ...json(ref('ResultAnswers'), { results: [{ order: ORDER, imei: IMEI, status: 'recorded' }] }),
    },
    ...PROBLEMS.badBody,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.failed,
  },
}

const list = {
  ...bearer,
  operationId: 'list',
  summary: 'Find the list in force now',
  responses: {
    '303': {
      description: 'The list at the last sequence of your book.',
      headers: { Location: { required: true, schema: { type: 'string', format: 'uri-reference' } } },
    },
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.failed,
  },
}

const header = (description: string, schema: object) => ({ description, required: true, schema })
const listAt = {
  ...bearer,
  operationId: 'listAt',
  summary: 'Read the list in force at a sequence; it never changes',
  parameters: [parameter('path', 'seq', 'a sequence of your book; 0 is the empty list', sequence)],
  responses: {
    '200': {
      description: 'The phones to block, in order of IMEI.',
      headers: {
        'X-List-Seq': header('the sequence', sequence),
        'X-List-Rows': header('rows, without the header line', { type: 'integer', minimum: 0 }),
        'X-List-SHA256': header('of the whole file as it is before any content coding', sha256),
      },
      content: {
        'text/csv': {
          schema: {
            type: 'string',
            description: '`imei,block_date,reasons`: YYYYMMDD in the city’s time; reasons joined by `|`',
          },
          example: `imei,block_date,reasons\n${IMEI},20261124,robbed\n`,
        },
      },
    },
    ...PROBLEMS.badParameters,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.notFound,
    ...PROBLEMS.failed,
  },
}

export const BOOK_PATHS = {
  '/api/carrier/v1/changes': { get: changes },
  '/api/carrier/v1/ack': { post: ack },
  '/api/carrier/v1/results': { post: results },
  '/api/carrier/v1/list': { get: list },
  '/api/carrier/v1/list/{seq}': { get: listAt },
}
