import {
  answerReceiptsSchema,
  answersSchema,
  carrierQuestionsSchema,
  changesQuerySchema,
} from '#features/exchange/interface/rules.ts'
import { bearer, SAMPLE_IMEI } from './carrier-parts.ts'
import { json, PROBLEMS } from './parts.ts'
import { parametersOf } from './schemas.ts'

const QUESTION = '0b8a6a9e-5f0e-4c61-9a3e-3b1e6a1d7c55'
const LOOKUP = 'b7f9c1c2-51a5-4a3c-8d2e-6f0f3f2f9a10'
const questions = {
  ...bearer,
  operationId: 'questions',
  summary:
    'Read what the police ask you about a number in the last 90 days: was it in this IMEI, or in which?',
  description:
    'Those that wait for an answer, ascending, with gaps. From 0 it is everything that is open. With `wait` it is a long poll. The number is given only with its owner’s consent, and each reading is recorded. `imei_of_number` carries the id number of the person who reports, so that you answer for your own subscriber alone: read it over TLS from our own host and nowhere else, compare it with your record of the subscriber, and keep neither it nor the number in a log, a queue or a backup once you have answered.',
  parameters: parametersOf('query', changesQuerySchema),
  responses: {
    '200': {
      description: 'The open questions after `after`, as many as fit.',
      ...json(carrierQuestionsSchema, {
        after: 0,
        next: 2,
        head: 2,
        entries: [
          {
            seq: 1,
            question: QUESTION,
            kind: 'number_in_imei',
            msisdn: '+84901234567',
            imei: SAMPLE_IMEI,
            askedAt: '2026-11-24T08:00:00.000Z',
            expiresAt: '2026-12-01T08:00:00.000Z',
          },
          {
            seq: 2,
            question: LOOKUP,
            kind: 'imei_of_number',
            msisdn: '+84901234567',
            subscriber: { idKind: 'cccd', idNumber: '079190012345' },
            askedAt: '2026-11-24T08:00:00.000Z',
            expiresAt: '2026-12-01T08:00:00.000Z',
          },
        ],
      }),
    },
    ...PROBLEMS.badParameters,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.beyondHead,
    ...PROBLEMS.failed,
  },
}

const answers = {
  ...bearer,
  operationId: 'answers',
  summary: 'Answer questions',
  description:
    'In any order and in parts. The same answer twice is harmless; the first one stands. A question is late after 24 hours. `unknown` answers every kind, also one that you do not know.',
  requestBody: {
    required: true,
    ...json(answersSchema, {
      answers: [
        { question: QUESTION, answer: 'yes', at: '2026-11-24T08:00:05Z' },
        { question: LOOKUP, imeis: [SAMPLE_IMEI], at: '2026-11-24T08:00:05Z' },
      ],
    }),
  },
  responses: {
    '200': {
      description: 'One receipt a row, in the same order.',
      ...json(answerReceiptsSchema, {
        results: [
          { question: QUESTION, status: 'recorded' },
          { question: LOOKUP, status: 'recorded' },
        ],
      }),
    },
    ...PROBLEMS.badBody,
    ...PROBLEMS.unauthorized,
    ...PROBLEMS.failed,
  },
}

export const QUESTIONS_PATHS = {
  '/api/carrier/v1/questions': { get: questions },
  '/api/carrier/v1/answers': { post: answers },
}
