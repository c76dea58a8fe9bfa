import { LIMITS } from '#domain/exchange/interface.ts'
import { DIFFERENCE_KINDS, MAX_LIST_BYTES, MAX_LIST_ROWS } from '#domain/exchange/reconciliation.ts'
import { bearer } from './carrier-parts.ts'
import { json, PROBLEMS, parameter, ref } from './parts.ts'

const id = { type: 'string', format: 'uuid' }
const count = (description: string) => ({ type: 'integer', minimum: 0, description })

const EXAMPLE = {
  id: '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b12',
  state: 'done',
  seq: 1,
  phones: 0,
  invalid: 0,
  matched: 0,
  pending: 0,
  missing: 1,
  extra: 0,
  foreign: 0,
  kind: 'missing',
  differences: ['356789101234563'],
  next: null,
}

/** A carrier's own list beside its book. */
export const RECONCILIATION_PATHS = {
  '/api/carrier/v1/reconciliations': {
    post: {
      ...bearer,
      operationId: 'sendList',
      summary: 'Send your own list, to be compared with your book',
      description: `CSV with one column of IMEIs of 14, 15 or 16 digits (the one called \`imei\`, or else the first), in UTF-8 or UTF-16 with its mark, parted by commas, semicolons or tabs; the check digit is not looked at. At most ${MAX_LIST_ROWS} rows and ${MAX_LIST_BYTES} bytes. It is read as it comes and compared afterwards, one list at a time; nothing is ordered by it.`,
      parameters: [
        parameter(
          'query',
          'seq',
          'the line up to which you have carried out your book; its end unless told',
          {
            type: 'integer',
            minimum: 0,
          },
        ),
      ],
      requestBody: {
        required: true,
        content: {
          'text/csv': { schema: { type: 'string' }, example: 'imei,block_date\n356789101234563,20261124\n' },
        },
      },
      responses: {
        '202': {
          description: 'Received whole. `Location` is where the comparison will be.',
          ...json({ type: 'object', required: ['id'], properties: { id } }, { id: EXAMPLE.id }),
        },
        ...PROBLEMS.badParameters,
        ...PROBLEMS.unauthorized,
        ...PROBLEMS.badList,
        ...PROBLEMS.failed,
      },
    },
  },
  '/api/carrier/v1/reconciliations/{id}': {
    get: {
      ...bearer,
      operationId: 'reconciliation',
      summary: 'How your list differs from your book',
      parameters: [
        parameter('path', 'id', 'what `sendList` answered', id),
        parameter('query', 'kind', 'which differences to list', {
          enum: DIFFERENCE_KINDS,
          default: 'missing',
        }),
        parameter('query', 'after', '`next` of the page before', ref('Imei')),
        parameter('query', 'limit', 'the most to answer', {
          type: 'integer',
          minimum: 1,
          maximum: LIMITS.changes.max,
          default: LIMITS.changes.default,
        }),
      ],
      responses: {
        '200': { description: 'Counts, and a page of one kind.', ...json(ref('Reconciliation'), EXAMPLE) },
        ...PROBLEMS.badParameters,
        ...PROBLEMS.unauthorized,
        ...PROBLEMS.notFound,
        ...PROBLEMS.failed,
      },
    },
  },
}

export const RECONCILIATION_SCHEMAS = {
  Reconciliation: {
    type: 'object',
    required: ['id', 'state', 'seq', 'phones', 'missing', 'extra', 'foreign', 'kind', 'differences', 'next'],
    properties: {
      id,
      state: { enum: ['receiving', 'comparing', 'done', 'failed'] },
      seq: count('the line of the book as of which it is compared'),
      phones: count('phones on your list, each once'),
      invalid: count('rows without an IMEI'),
      matched: count('in both'),
      pending: count('ordered, and not answered or newer than the list: no difference'),
      missing: count('you reported a block as done, and do not list it'),
      extra: count('you reported an unblock as done, and still list it'),
      foreign: count('listed by you, and never ordered: never will be by this'),
      kind: { enum: DIFFERENCE_KINDS },
      differences: { type: 'array', items: ref('Imei') },
      next: { anyOf: [ref('Imei'), { type: 'null' }], description: 'the `after` of the next page' },
    },
  },
}
