import { z } from 'zod'
import {
  alertResultAnswersSchema,
  alertResultsSchema,
  alertSchema,
  alertsQuerySchema,
  alertsSchema,
} from '#features/alerts/alerts/rules.ts'
import { header, json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

const bearer = { tags: ['alerts'], security: [{ receiverKey: [] }] }
const unauthorized = {
  '401': {
    ...PROBLEMS.unauthorized['401'],
    headers: { 'WWW-Authenticate': header('how a key is shown', z.literal('Bearer realm="alerts"')) },
  },
}

const ALERT = '5b1d1f8c-93a9-4b0a-8d5e-6a2a1c0f7e11'
export const ALERT_EXAMPLE = {
  specversion: '1.0',
  id: ALERT,
  source: 'https://antam.example',
  type: 'device.reported',
  subject: '+84901234567',
  time: '2026-12-01T08:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: '1',
  data: {
    case: '0f3c7d0a-2f0b-4a0e-9f57-2b6b0c7a9d21',
    verified: { contact: true, number: true, ownership: false },
  },
} as const

const changes = {
  ...bearer,
  operationId: 'alerts',
  summary: 'Read what you are told of lost phones',
  description:
    'Only of people who chose you, and only under the number that they named. Gapless and ascending from 1; reading from any `after` is free. With `wait` it is a long poll. A number is told of once a day. What you do is yours to decide: tell it at `results`, so that the person sees it.',
  parameters: parametersOf('query', alertsQuerySchema),
  responses: {
    '200': {
      description: 'The alerts after `after`, as many as fit.',
      ...json(alertsSchema, { after: 0, next: 1, head: 1, entries: [ALERT_EXAMPLE] }),
    },
    ...PROBLEMS.badParameters,
    ...unauthorized,
    ...PROBLEMS.notFound,
    ...PROBLEMS.beyondHead,
    ...PROBLEMS.failed,
  },
}

const results = {
  ...bearer,
  operationId: 'alertResults',
  summary: 'Say what you did',
  description: 'The same result twice is harmless; of two that differ the later one stands.',
  requestBody: {
    required: true,
    ...json(alertResultsSchema, {
      results: [{ alert: ALERT, outcome: 'locked', at: '2026-12-01T08:00:20Z' }],
    }),
  },
  responses: {
    '200': {
      description: 'One answer a row, in the same order.',
      ...json(alertResultAnswersSchema, { results: [{ alert: ALERT, status: 'recorded' }] }),
    },
    ...PROBLEMS.badBody,
    ...unauthorized,
    ...PROBLEMS.notFound,
    ...PROBLEMS.failed,
  },
}

export const ALERTS_PATHS = {
  '/api/alerts/v1/changes': { get: changes },
  '/api/alerts/v1/results': { post: results },
}

export const PUSHED_ALERT = {
  required: true,
  content: { 'application/cloudevents+json': { schema: alertSchema, example: ALERT_EXAMPLE } },
}
