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
  '/api/v1/audit/breaks': {
    get: {
      tags: ['public'],
      operationId: 'auditBreaks',
      summary: 'Where the audit log was gone on with after a restore, as it was stated and signed',
      description:
        'Empty unless a restored database lacked entries that had been published. A proof of consistency from a checkpoint of the history that ended, of more than `from.size` entries, cannot hold.',
      responses: {
        '200': { description: 'The oldest first.', ...json(ref('AuditBreaks')) },
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

const treeHead = {
  type: 'object',
  required: ['size', 'root'],
  properties: {
    size: { type: 'integer', minimum: 0 },
    root: { type: 'string', contentEncoding: 'base64' },
  },
}

export const AUDIT_SCHEMAS = {
  AuditBreaks: {
    type: 'object',
    required: ['breaks'],
    properties: {
      breaks: {
        type: 'array',
        items: {
          type: 'object',
          required: ['history', 'ended', 'from', 'lost', 'at', 'reason', 'note'],
          properties: {
            history: { type: 'integer', minimum: 2, description: 'the history of the log that begins' },
            ended: { ...treeHead, description: 'the last published head of the history before' },
            from: { ...treeHead, description: 'the last head that both have' },
            lost: {
              type: 'integer',
              minimum: 0,
              description: 'published entries that the log no longer has',
            },
            at: { type: 'string', format: 'date-time' },
            reason: { type: 'string' },
            note: { type: 'string', description: 'all of that as a signed note (C2SP signed-note)' },
          },
        },
      },
    },
  },
  AuditProof: {
    type: 'object',
    required: ['size', 'proof', 'checkpoint'],
    properties: {
      index: { type: 'integer', minimum: 0, description: 'with `entry`: its place' },
      leaf: { type: 'string', contentEncoding: 'base64', description: 'with `entry`: the hash of its leaf' },
      size: { type: 'integer', minimum: 1, description: 'the entries of the newest checkpoint' },
      proof: { type: 'array', items: { type: 'string', contentEncoding: 'base64' } },
      checkpoint: { type: 'string' },
      breaks: {
        type: 'integer',
        minimum: 0,
        description:
          'how many breaks of the log are stated (/api/v1/audit/breaks): no proof leads across one',
      },
    },
  },
}
