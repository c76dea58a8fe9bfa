import { createHash } from 'node:crypto'
import { z } from 'zod'
import { LIST_HEADER } from '#features/exchange/book/rules.ts'
import {
  filePathSchema,
  filesSchema,
  keySetSchema,
  LIST_FILES,
  manifestSchema,
} from '#features/exchange/lists/rules.ts'
import { bearer, KNOWN, LIST_FILE, LOCATION } from './carrier-parts.ts'
import { header, json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

const { seq, ...asked } = filesSchema.shape
const ofFiles = parametersOf('query', z.object(asked))
const atSequence = parametersOf('path', z.object({ seq }))
const emptyFile = {
  rows: 0,
  bytes: LIST_HEADER.length,
  sha256: createHash('sha256').update(LIST_HEADER).digest('hex'),
}

const files = {
  ...bearer,
  operationId: 'files',
  summary: 'Find the files of now',
  description: 'The last sequence of your book is in their address.',
  parameters: ofFiles,
  responses: {
    '303': {
      description: 'The files at the last sequence of your book, with the same parameters.',
      headers: LOCATION,
    },
    ...PROBLEMS.badParameters,
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
  parameters: [...atSequence, ...ofFiles],
  responses: {
    '200': {
      description: 'The manifest, as canonical JSON (RFC 8785).',
      headers: {
        'X-Manifest-JWS': header(
          'signature over the answer’s bytes: JWS with detached content (RFC 7515, appendix F), EdDSA by a key of `/api/v1/exchange/keys`',
          z.string().regex(/^[\w-]+\.\.[\w-]+$/),
        ),
      },
      ...json(manifestSchema, {
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
  parameters: [...atSequence, ...parametersOf('path', filePathSchema), ...ofFiles],
  responses: {
    '200': { description: 'Rows as in `/api/carrier/v1/list/{seq}`.', ...LIST_FILE },
    '304': KNOWN,
    ...PROBLEMS.badParameters,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.notFound,
    ...PROBLEMS.failed,
  },
}

const keys = {
  tags: ['public'],
  operationId: 'exchangeKeys',
  summary: 'By what key the manifests of carriers’ files and the answers to results are signed',
  description: 'The header of each signature names its key (`kid`).',
  responses: {
    '200': {
      description: 'A JWK Set.',
      content: { 'application/jwk-set+json': { schema: keySetSchema } },
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
