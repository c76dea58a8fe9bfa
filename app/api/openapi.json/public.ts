import { livenessSchema, readinessSchema } from '../health/schemas.ts'
import { imeiCheckSchema, imeiPathSchema } from '../v1/imei/schemas.ts'
import { json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

const IMEI = '356789101234563'

const checkImei = {
  tags: ['public'],
  operationId: 'checkImei',
  summary: 'Is this phone reported?',
  description: 'Of what is asked nothing is kept.',
  parameters: parametersOf('path', imeiPathSchema),
  responses: {
    '200': {
      description: 'What is known of the number.',
      ...json(imeiCheckSchema, { imei: IMEI, valid: true, result: 'not_reported' }),
    },
    ...PROBLEMS.tooMany,
    ...PROBLEMS.failed,
  },
}

const live = {
  tags: ['public'],
  operationId: 'live',
  summary: 'The process answers',
  description: 'Says nothing of what it depends on.',
  responses: {
    '200': { description: 'It does.', ...json(livenessSchema, { status: 'ok' }) },
    ...PROBLEMS.method,
  },
}

const ready = {
  tags: ['public'],
  operationId: 'ready',
  summary: 'Everything the site needs is there',
  description: 'Each check by name. While it answers 503 the site must get no traffic.',
  responses: {
    '200': { description: 'All of it.', ...json(readinessSchema) },
    '503': { description: 'Something is missing; the checks name it.', ...json(readinessSchema) },
    ...PROBLEMS.method,
  },
}

export const PUBLIC_PATHS = {
  '/api/v1/imei/{imei}': { get: checkImei },
  '/api/health/live': { get: live },
  '/api/health/ready': { get: ready },
}
