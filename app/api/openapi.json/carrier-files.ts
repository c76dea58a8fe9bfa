import { createHash } from 'node:crypto'
import { LIST_HEADER } from '#domain/exchange/book.ts'
import { DELTAS, IMEI_DIGITS, LIST_FILES } from '#domain/exchange/list-files.ts'
import { bearer, sequence, sha256 } from './carrier-parts.ts'
import { json, PROBLEMS, parameter, ref } from './parts.ts'

const count = { type: 'integer', minimum: 0 }
const digits = { enum: IMEI_DIGITS }

export const CARRIER_FILES_SCHEMAS = {
  Manifest: {
    type: 'object',
    description:
      'What the files of a sequence are. It has no time in it: the same question always has the same answer.',
    required: ['carrier', 'seq', 'from', 'digits', 'files'],
    properties: {
      carrier: { type: 'string' },
      seq: { ...sequence, description: 'the list is in force at this sequence of your book' },
      from: { ...sequence, description: 'what changed after this one' },
      digits: { ...digits, description: 'of each IMEI; without its check digit it has 14' },
      files: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'rows', 'bytes', 'sha256'],
          properties: {
            name: { enum: LIST_FILES },
            rows: { ...count, description: 'without the header' },
            bytes: count,
            sha256: { ...sha256, description: 'of the whole file as it is before any content coding' },
          },
        },
      },
    },
  },
  KeySet: {
    type: 'object',
    description: 'RFC 7517. The key of today comes first; beside it the one before or the next.',
    required: ['keys'],
    properties: {
      keys: {
        type: 'array',
        items: {
          type: 'object',
          description: 'Ed25519, RFC 8037; `kid` is its thumbprint by RFC 7638.',
          required: ['kty', 'crv', 'x', 'kid', 'alg', 'use'],
          properties: {
            kty: { const: 'OKP' },
            crv: { const: 'Ed25519' },
            x: { type: 'string' },
            kid: { type: 'string' },
            alg: { const: 'EdDSA' },
            use: { const: 'sig' },
          },
        },
      },
    },
  },
}

const ofFiles = [
  parameter('query', 'since', 'what the deltas begin from; not beyond the sequence', {
    ...sequence,
    default: 0,
  }),
  parameter('query', 'digits', 'of each IMEI; as the relay has set it for you when left out', digits),
]
const atSequence = [parameter('path', 'seq', 'a sequence of your book', sequence), ...ofFiles]
const header = (description: string, schema: object) => ({ description, required: true, schema })
const emptyFile = { rows: 0, bytes: LIST_HEADER.length, sha256: digestOf(LIST_HEADER) }

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const files = {
  ...bearer,
  operationId: 'files',
  summary: 'Find the files of now',
  parameters: ofFiles,
  responses: {
    '303': {
      description: 'The files at the last sequence of your book, with the same parameters.',
      headers: { Location: { required: true, schema: { type: 'string', format: 'uri-reference' } } },
    },
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.failed,
  },
}

const manifest = {
  ...bearer,
  operationId: 'manifest',
  summary: 'Read what the files of a sequence are, signed',
  description:
    'Keep `seq`, and ask with it as `since` the next time. Apply `unblocked`, then `blocked` and `changed`; what you have then has the SHA-256 of `list`. Each file is at this address and its name, with the same parameters.',
  parameters: atSequence,
  responses: {
    '200': {
      description: 'The manifest, as canonical JSON (RFC 8785).',
      headers: {
        'X-Manifest-JWS': header(
          'signature over the answer’s bytes: JWS with detached content (RFC 7515, appendix F), EdDSA by a key of `/api/v1/exchange/keys`',
          { type: 'string', pattern: '^[\\w-]+\\.\\.[\\w-]+$' },
        ),
      },
      ...json(ref('Manifest'), {
        carrier: 'viettel',
        digits: 15,
        files: LIST_FILES.map((name) => ({ ...emptyFile, name })),
        from: 0,
        seq: 0,
      }),
    },
    ...PROBLEMS.badParameters,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.notFound,
    ...PROBLEMS.failed,
  },
}

const file = {
  ...bearer,
  operationId: 'file',
  summary: 'Read the list, or what changed in it',
  description:
    '`blocked`: rows that came. `unblocked`: rows that went, as they were. `changed`: rows that are listed still, with another date or other reasons. In order of IMEI; the header stands also where there is no row.',
  parameters: [
    ...atSequence,
    parameter('path', 'file', `${DELTAS.join(', ')} since \`since\`, or the whole list`, {
      enum: LIST_FILES,
    }),
  ],
  responses: {
    '200': {
      description: 'Rows as in `/api/carrier/v1/list/{seq}`.',
      headers: {
        'X-List-Seq': header('the sequence', sequence),
        'X-List-Rows': header('rows, without the header line', count),
        'X-List-SHA256': header('of the whole file as it is before any content coding', sha256),
      },
      content: {
        'text/csv': {
          schema: { type: 'string', description: '`imei,block_date,reasons`' },
          example: `${LIST_HEADER}356789101234563,20261124,robbed\n`,
        },
      },
    },
    ...PROBLEMS.badParameters,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.notFound,
    ...PROBLEMS.failed,
  },
}

const keys = {
  tags: ['public'],
  operationId: 'exchangeKeys',
  summary: 'By what key the manifests of carriers’ files are signed',
  responses: {
    '200': {
      description: 'A JWK Set.',
      content: { 'application/jwk-set+json': { schema: ref('KeySet') } },
    },
    ...PROBLEMS.failed,
  },
}

export const CARRIER_FILES_PATHS = {
  '/api/carrier/v1/files': { get: files },
  '/api/carrier/v1/files/{seq}': { get: manifest },
  '/api/carrier/v1/files/{seq}/{file}': { get: file },
  '/api/v1/exchange/keys': { get: keys },
}
