import { z } from 'zod'
import { auditBreaksSchema, auditProofSchema, proofQuerySchema } from '../v1/audit/schemas.ts'
import { json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

const text = (description: string) => ({ description, content: { 'text/plain': { schema: z.string() } } })

export const AUDIT_PATHS = {
  '/api/v1/audit/key': {
    get: {
      tags: ['public'],
      operationId: 'auditKey',
      summary: 'By what key the audit log’s checkpoints are signed (C2SP verifier key)',
      description: 'Keep it where this site cannot change it: it is what everything else is checked with.',
      responses: { '200': text('One line.'), ...PROBLEMS.failed },
    },
  },
  '/api/v1/audit/checkpoint': {
    get: {
      tags: ['public'],
      operationId: 'auditCheckpoint',
      summary: 'The newest signed head of the audit log (C2SP tlog-checkpoint)',
      description: 'Nothing is there until the log is sealed for the first time.',
      responses: { '200': text('A signed note.'), ...PROBLEMS.notFound, ...PROBLEMS.failed },
    },
  },
  '/api/v1/audit/breaks': {
    get: {
      tags: ['public'],
      operationId: 'auditBreaks',
      summary: 'Where the audit log was gone on with after a restore, as it was stated and signed',
      description:
        'Empty unless a restored database lacked entries that had been published. A proof of consistency from a checkpoint of the history that ended, of more than `from.size` entries, cannot hold.',
      responses: {
        '200': { description: 'The oldest first.', ...json(auditBreaksSchema) },
        ...PROBLEMS.failed,
      },
    },
  },
  '/api/v1/audit/proof': {
    get: {
      tags: ['public'],
      operationId: 'auditProof',
      summary: 'What leads to the newest checkpoint, by RFC 6962: from an older one, or from one entry',
      description:
        'Exactly one of the parameters. The answer holds hashes alone, which lead to nothing that an entry says.',
      parameters: parametersOf('query', ...proofQuerySchema.options),
      responses: {
        '200': { description: 'The proof.', ...json(auditProofSchema) },
        ...PROBLEMS.badParameters,
        ...PROBLEMS.notFound,
        ...PROBLEMS.tooMany,
        ...PROBLEMS.failed,
      },
    },
  },
}
