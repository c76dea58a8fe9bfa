import { createHash } from 'node:crypto'
import { z } from 'zod'
import { CITY } from '#cities/city.ts'
import { CHAIN_START, digestLine, lineText } from '#features/exchange/book/rules.ts'
import {
  ackSchema,
  changesQuerySchema,
  changesSchema,
  listPathSchema,
  provenChangesSchema,
  resultAnswersSchema,
  resultsSchema,
  sightingAnswersSchema,
  sightingsSchema,
} from '#features/exchange/interface/rules.ts'
import { bearer, KNOWN, LIST_FILE, LOCATION, SAMPLE_IMEI } from './carrier-parts.ts'
import { header, json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

const ORDER = '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11'
const LINE = {
  seq: 1,
  order: ORDER,
  imei: SAMPLE_IMEI,
  action: 'block',
  reason: 'robbed',
  legalBasis: 'Luật Viễn thông 24/2023/QH15',
  issuedAt: '2026-11-24T08:00:00.000Z',
} as const

const sha256 = (...parts: readonly (string | Uint8Array)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Example of a `changes` answer in version 2 and of the pushed message, for a line that is not sealed yet. */
export const CHANGES_EXAMPLE = {
  after: 0,
  next: 1,
  head: 1,
  sha256: sha256(digestLine(LINE)).toString('hex'),
  entries: [{ ...LINE, leaf: null }],
  carrier: 'viettel',
  chain: sha256(CHAIN_START, sha256(lineText(LINE))).toString('hex'),
  checkpoint: null,
  growth: null,
  proofs: [],
}

export const PROOF_RULE =
  '**A block is carried out only when it is proven**, an unblock at once and always. A block is proven when all of this holds: `checkpoint` is signed by the log’s key and by as many witnesses as the policy `/log/policy/YEAR.txt` asks, both of which you keep from your first contact; `growth` shows that it has grown out of the checkpoint that you kept, of `known` entries; its proof leads from the hash of `entry` (SHA-256 of a zero byte and its bytes) at `leaf` to the root of `checkpoint`; `entry` has the act `order.line`, your own id as `carrier`, the line’s `seq`, and as `lineHash` the SHA-256 of the line as canonical JSON (RFC 8785) without `leaf`. A proof is there seconds after the line, in any case within a minute of sealing. Until then keep the block back, read its line again every few seconds (`after` one before it) and take later lines as they come: where a later line speaks of the same IMEI, drop the block. One that has none after 15 minutes is `rejected` with `technical`, and a person should ask why.'

const changes = {
  ...bearer,
  operationId: 'changes',
  summary: 'Read your book: gapless and ascending from 1',
  description: `Reading from any place is free and changes nothing. With \`wait\` it is a long poll. Ask for \`version=2\`: version 1 has neither places nor proofs, so it cannot tell an order from a forged line. ${PROOF_RULE}`,
  parameters: parametersOf('query', changesQuerySchema),
  responses: {
    '200': {
      description: 'The lines after `after`, as many as fit.',
      ...json(z.union([provenChangesSchema, changesSchema]), CHANGES_EXAMPLE),
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

const RESULTS_EXAMPLE = {
  results: [{ order: ORDER, imei: SAMPLE_IMEI, outcome: 'applied', at: '2026-11-24T08:00:05Z' }],
}

const results = {
  ...bearer,
  operationId: 'results',
  summary: 'Tell what you did',
  description:
    'Within 24 hours of the order, or it is shown as late and the relay asks. In any order and in parts. The same result twice is harmless. A failure may be corrected by a better result; what is done is never taken back: a row that denies it is answered `contradicts`. A row that does not fit its schema, such as `rejected` without a `code`, refuses the whole body. An order is done once each of its lines is. Keep what you posted with the answer and its signature: together they show what you told us, and when.',
  requestBody: {
    required: true,
    ...json(resultsSchema, RESULTS_EXAMPLE),
  },
  responses: {
    '200': {
      description: 'One answer a row, in the same order.',
      headers: {
        'X-Answer-JWS': header(
          'signature over the answer’s bytes: JWS with detached content (RFC 7515, appendix F), EdDSA by a key of `/api/v1/exchange/keys`',
          z.string().regex(/^[\w-]+\.\.[\w-]+$/),
        ),
      },
      ...json(resultAnswersSchema, {
        results: [{ order: ORDER, imei: SAMPLE_IMEI, status: 'recorded' }],
        carrier: 'viettel',
        at: '2026-11-24T08:00:06.000Z',
        sha256: sha256(JSON.stringify(RESULTS_EXAMPLE)).toString('hex'),
      }),
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
  summary: 'Tell of blocked and watched phones that tried to connect',
  description:
    'Of phones alone that your book blocks or watches at this moment; nothing is kept of others. Never the number: where, and that it was tried, is telecom-use data that police read with a reason. The same sighting twice is harmless. A phone that you let in after you told its block as done is a fault of yours, and you and the relay are told.',
  requestBody: {
    required: true,
    ...json(sightingsSchema, {
      sightings: [{ imei: SAMPLE_IMEI, at: SEEN_AT, kind: 'attach', area: CITY.name.vi, served: false }],
    }),
  },
  responses: {
    '200': {
      description: 'One answer a row, in the same order.',
      ...json(sightingAnswersSchema, { results: [{ imei: SAMPLE_IMEI, at: SEEN_AT, status: 'recorded' }] }),
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
