import { z } from 'zod'
import { LIST_HEADER } from '#features/exchange/book/rules.ts'
import { header } from './parts.ts'

// Parts shared by the descriptions of the carrier interface.

export const bearer = { tags: ['carrier'], security: [{ carrierKey: [] }] }

export const SAMPLE_IMEI = '356789101234563'

export const LOCATION = {
  Location: header('where it is', z.string().meta({ format: 'uri-reference' })),
}

const LIST_HEADERS = {
  'X-List-Seq': header('the sequence', z.int().min(0)),
  'X-List-Rows': header('rows, without the header line', z.int().min(0)),
  'X-List-SHA256': header(
    'of the whole file as it is before any content coding',
    z.string().regex(/^[0-9a-f]{64}$/),
  ),
}

/** The answer to `If-None-Match` with an unchanged `ETag`. */
export const KNOWN = {
  description: 'You have it already: your `If-None-Match` names it.',
  headers: LIST_HEADERS,
}

export const LIST_FILE = {
  headers: LIST_HEADERS,
  content: {
    'text/csv': {
      schema: z
        .string()
        .describe('`imei,block_date,reasons`: YYYYMMDD in the city’s time; reasons joined by `|`'),
      example: `${LIST_HEADER}${SAMPLE_IMEI},20261124,robbed\n`,
    },
  },
}
