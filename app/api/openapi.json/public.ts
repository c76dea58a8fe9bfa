import { json, PROBLEMS, parameter, ref } from './parts.ts'

const IMEI = '356789101234563'

export const PUBLIC_SCHEMAS = {
  ImeiCheck: {
    type: 'object',
    required: ['imei', 'valid', 'result'],
    properties: {
      imei: { type: 'string', description: '15 digits; what was asked where it is not valid' },
      valid: { type: 'boolean' },
      result: {
        enum: ['reported', 'not_reported', 'invalid'],
        description: '`not_reported` says nothing of cases that are still being decided',
      },
      fault: {
        enum: ['empty', 'letters', 'length', 'check_digit', 'repeated', 'zeros', 'test_body'],
        description: 'why it is not valid',
      },
    },
  },
  Readiness: {
    type: 'object',
    required: ['status', 'checks'],
    properties: {
      status: { enum: ['ok', 'degraded', 'unavailable'] },
      checks: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'ok'],
          properties: {
            name: { type: 'string' },
            ok: { type: 'boolean' },
            sealedSecondsAgo: { type: ['integer', 'null'] },
            stopped: { type: 'string' },
          },
        },
      },
    },
  },
}

const checkImei = {
  tags: ['public'],
  operationId: 'checkImei',
  summary: 'Is this phone reported?',
  parameters: [
    parameter(
      'path',
      'imei',
      '15 digits; 14 without the check digit, and the 16 of an IMEISV, are read too',
      {
        type: 'string',
      },
    ),
  ],
  responses: {
    '200': {
      description: 'What is known of the number.',
      ...json(ref('ImeiCheck'), { imei: IMEI, valid: true, result: 'not_reported' }),
    },
    '429': {
      description: 'Too many checks from this address.',
      headers: {
        'Retry-After': { description: 'seconds', required: true, schema: { type: 'integer', minimum: 1 } },
      },
      content: { 'application/problem+json': { schema: ref('Problem') } },
    },
    ...PROBLEMS.failed,
  },
}

const live = {
  tags: ['public'],
  operationId: 'live',
  summary: 'The process answers',
  responses: { '200': { description: 'It does.' } },
}

const ready = {
  tags: ['public'],
  operationId: 'ready',
  summary: 'Everything the site needs is there',
  responses: {
    '200': { description: 'All of it.', ...json(ref('Readiness')) },
    '503': { description: 'Something is missing; the checks name it.', ...json(ref('Readiness')) },
  },
}

export const PUBLIC_PATHS = {
  '/api/v1/imei/{imei}': { get: checkImei },
  '/api/health/live': { get: live },
  '/api/health/ready': { get: ready },
}
