import { z } from 'zod'
import {
  differencesQuerySchema,
  listQuerySchema,
  listReceivedSchema,
  reconciliationSchema,
} from '#features/exchange/interface/rules.ts'
import { MAX_LIST_BYTES, MAX_LIST_ROWS } from '#features/exchange/reconciliations/rules.ts'
import { bearer, LOCATION } from './carrier-parts.ts'
import { json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

const reconciliationPathSchema = reconciliationSchema
  .pick({ id: true })
  .extend({ id: reconciliationSchema.shape.id.describe('what `sendList` answered') })

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

export const RECONCILIATION_PATHS = {
  '/api/carrier/v1/reconciliations': {
    post: {
      ...bearer,
      operationId: 'sendList',
      summary: 'Send your own list, to be compared with your book',
      description: `CSV with one column of IMEIs of 14, 15 or 16 digits (the one called \`imei\`, or else the first), in UTF-8 or UTF-16 with its mark, parted by commas, semicolons or tabs; the check digit is not looked at. At most ${MAX_LIST_ROWS} rows and ${MAX_LIST_BYTES} bytes. It is read as it comes and compared afterwards, one list at a time; nothing is ordered by it.`,
      parameters: parametersOf('query', listQuerySchema),
      requestBody: {
        required: true,
        content: {
          'text/csv': { schema: z.string(), example: 'imei,block_date\n356789101234563,20261124\n' },
        },
      },
      responses: {
        '202': {
          description: 'Received whole. `Location` is where the comparison will be.',
          headers: LOCATION,
          ...json(listReceivedSchema, { id: EXAMPLE.id }),
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
      description: 'Whole once `state` is `done`; nothing is ordered by it.',
      parameters: [
        ...parametersOf('path', reconciliationPathSchema),
        ...parametersOf('query', differencesQuerySchema),
      ],
      responses: {
        '200': { description: 'Counts, and a page of one kind.', ...json(reconciliationSchema, EXAMPLE) },
        ...PROBLEMS.badParameters,
        ...PROBLEMS.unauthorized,
        ...PROBLEMS.notFound,
        ...PROBLEMS.failed,
      },
    },
  },
}
