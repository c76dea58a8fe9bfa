import { createHash } from 'node:crypto'
import { digestLine } from '#features/exchange/book/rules.ts'
import {
  ackSchema,
  changesQuerySchema,
  changesSchema,
  listPathSchema,
  resultAnswersSchema,
  resultsSchema,
  sightingAnswersSchema,
  sightingsSchema,
} from '#features/exchange/interface/rules.ts'
import { bearer, IMEI, KNOWN, LIST_FILE, LOCATION } from './carrier-parts.ts'
import { json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

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

const changes = {
  ...bearer,
  operationId: 'changes',
  summary: 'Read your book: gapless and ascending from 1',
  description: 'Reading from any place is free and changes nothing. With `wait` it is a long poll.',
  parameters: parametersOf('query', changesQuerySchema),
  responses: {
    '200': {
      description: 'The lines after `after`, as many as fit.',
      ...json(changesSchema, CHANGES_EXAMPLE),
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
  requestBody: { required: true, ...json(ackSchema, { upTo: 1 }) },
  responses: {
    '200': { description: 'How much is known to be received.', ...json(ackSchema, { upTo: 1 }) },
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
    'Within 24 hours of the order, or it is shown as late and the relay asks. In any order and in parts. The same result twice is harmless. A failure may be corrected by a better result; what is done is never taken back: a row that denies it is answered `contradicts`. A row that does not fit its schema, such as `rejected` without a `code`, refuses the whole body. An order is done once each of its lines is.',
  requestBody: {
    required: true,
    ...json(resultsSchema, {
      results: [{ order: ORDER, imei: IMEI, outcome: 'applied', at: '2026-11-24T08:00:05Z' }],
    }),
  },
  responses: {
    '200': {
      description: 'One answer a row, in the same order.',
      ...json(resultAnswersSchema, { results: [{ order: ORDER, imei: IMEI, status: 'recorded' }] }),
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
  description: 'The last sequence of your book is in its address.',
  responses: {
    '303': { description: 'The list at the last sequence of your book.', headers: LOCATION },
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.failed,
  },
}

const listAt = {
  ...bearer,
  operationId: 'listAt',
  summary: 'Read the list in force at a sequence; it never changes',
  description: 'What you have when you begin with an empty list and carry out every line up to there.',
  parameters: parametersOf('path', listPathSchema),
  responses: {
    '200': { description: 'The phones to block, in order of IMEI.', ...LIST_FILE },
    '304': KNOWN,
    ...PROBLEMS.badParameters,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.notFound,
    ...PROBLEMS.failed,
  },
}

const SEEN_AT = '2026-11-25T03:12:00Z'
const sightings = {
  ...bearer,
  operationId: 'sightings',
  summary: 'Tell of blocked phones that tried to connect',
  description:
    'Of phones alone that your book blocks at this moment; nothing is kept of others. Never the number: where, and that it was tried, is telecom-use data that police read with a reason. The same sighting twice is harmless. A phone that you let in after you told its block as done is a fault of yours, and you and the relay are told.',
  requestBody: {
    required: true,
    ...json(sightingsSchema, {
      sightings: [{ imei: IMEI, at: SEEN_AT, kind: 'attach', area: 'Phường Bến Thành', served: false }],
    }),
  },
  responses: {
    '200': {
      description: 'One answer a row, in the same order.',
      ...json(sightingAnswersSchema, { results: [{ imei: IMEI, at: SEEN_AT, status: 'recorded' }] }),
    },
    ...PROBLEMS.badBody,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.failed,
  },
}

export const BOOK_PATHS = {
  '/api/carrier/v1/changes': { get: changes },
  '/api/carrier/v1/ack': { post: ack },
  '/api/carrier/v1/results': { post: results },
  '/api/carrier/v1/sightings': { post: sightings },
  '/api/carrier/v1/list': { get: list },
  '/api/carrier/v1/list/{seq}': { get: listAt },
}
