import { json, PROBLEMS, parameter, ref } from './parts.ts'

const text = (description: string) => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' } } },
})
const count = (name: string, description: string, minimum: number) =>
  parameter('query', name, description, { type: 'integer', minimum })
const tooMany = {
  description: 'Too many proofs for this address.',
  headers: {
    'Retry-After': { description: 'seconds', required: true, schema: { type: 'integer', minimum: 1 } },
  },
  content: { 'application/problem+json': { schema: ref('Problem') } },
}

export const AUDIT_PATHS = {
  '/api/v1/audit/key': {
    get: {
      tags: ['public'],
      operationId: 'auditKey',
      summary: 'By what key the audit log’s checkpoints are signed (C2SP verifier key)',
      responses: { '200': text('One line.'), ...PROBLEMS.failed },
    },
  },
  '/api/v1/audit/checkpoint': {
    get: {
      tags: ['public'],
      operationId: 'auditCheckpoint',
      summary: 'The newest signed head of the audit log (C2SP tlog-checkpoint)',
      responses: { '200': text('A signed note.'), ...PROBLEMS.notFound, ...PROBLEMS.failed },
    },
  },
  '/api/v1/audit/proof': {
    get: {
      tags: ['public'],
      operationId: 'auditProof',
      summary: 'What leads to the newest checkpoint, by RFC 6962: from an older one, or from one entry',
      description:
        'Exactly one of the parameters. The answer holds hashes alone, which lead to nothing that an entry says.',
      parameters: [
        count('from', 'the size of an older checkpoint: a proof of consistency', 1),
        count('index', 'an entry’s place: a proof of inclusion', 0),
        count('entry', 'an entry’s number: the same, with its place and the hash of its leaf', 1),
      ],
      responses: {
        '200': { description: 'The proof.', ...json(ref('AuditProof')) },
        ...PROBLEMS.badParameters,
        ...PROBLEMS.notFound,
        '429': tooMany,
        ...PROBLEMS.failed,
      },
    },
  },
}

export const AUDIT_SCHEMAS = {
  AuditProof: {
    type: 'object',
    required: ['size', 'proof', 'checkpoint'],
    properties: {
      index: { type: 'integer', minimum: 0, description: 'with `entry`: its place' },
      leaf: { type: 'string', contentEncoding: 'base64', description: 'with `entry`: the hash of its leaf' },
      size: { type: 'integer', minimum: 1, description: 'the entries of the newest checkpoint' },
      proof: { type: 'array', items: { type: 'string', contentEncoding: 'base64' } },
      checkpoint: { type: 'string' },
    },
  },
}
