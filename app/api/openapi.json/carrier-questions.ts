import { LIMITS } from '#domain/exchange/interface.ts'
import { SIM_ANSWERS } from '#domain/exchange/question.ts'
import { bearer, IMEI, readingOn, sequence, time } from './carrier-parts.ts'
import { json, PROBLEMS, ref } from './parts.ts'

const question = { type: 'string', format: 'uuid' }

/** What police ask carriers, and what they answer. */
export const QUESTIONS_SCHEMAS = {
  Question: {
    type: 'object',
    description: 'Was this number seen in this IMEI in the last 90 days?',
    required: ['seq', 'question', 'msisdn', 'imei', 'askedAt', 'expiresAt'],
    properties: {
      seq: { type: 'integer', minimum: 1 },
      question,
      msisdn: {
        type: 'string',
        pattern: '^\\+84[0-9]{9}$',
        description: 'E.164; keep it no longer than you need',
      },
      imei: ref('Imei'),
      askedAt: time,
      expiresAt: { ...time, description: 'an answer after this is not recorded' },
    },
  },
  Questions: {
    type: 'object',
    required: ['after', 'next', 'head', 'entries'],
    properties: {
      after: sequence,
      next: {
        ...sequence,
        description: 'where to read on; there are gaps, and it may be more than the last entry',
      },
      head: { ...sequence, description: 'the last sequence among your questions' },
      entries: { type: 'array', items: ref('Question') },
    },
  },
  Answer: {
    type: 'object',
    required: ['question', 'answer'],
    properties: {
      question,
      answer: { enum: SIM_ANSWERS, description: 'unknown: you cannot tell' },
      at: {
        ...time,
        description: `when it was looked up; at most ${LIMITS.clockSkewMs / 60_000} minutes ahead of our clock`,
      },
    },
  },
  Answers: {
    type: 'object',
    required: ['answers'],
    properties: { answers: { type: 'array', maxItems: LIMITS.answers, items: ref('Answer') } },
  },
  AnswerReceipts: {
    type: 'object',
    required: ['results'],
    properties: {
      results: {
        type: 'array',
        description: 'one a row, in the rows’ order',
        items: {
          type: 'object',
          required: ['question', 'status'],
          properties: {
            question,
            status: {
              enum: ['recorded', 'duplicate', 'unknown'],
              description:
                'duplicate: the first answer stands; unknown: not yours, expired, or from the future',
            },
            detail: { type: 'string' },
          },
        },
      },
    },
  },
}

const QUESTION = '0b8a6a9e-5f0e-4c61-9a3e-3b1e6a1d7c55'
const questions = {
  ...bearer,
  operationId: 'questions',
  summary: 'Read what the police ask you: was this number seen in this IMEI in the last 90 days?',
  description:
    'Those that wait for an answer, ascending, with gaps. From 0 it is everything that is open. With `wait` it is a long poll. The number is given only with its owner’s consent, and each reading is recorded.',
  parameters: readingOn,
  responses: {
    '200': {
      description: 'The open questions after `after`, as many as fit.',
      ...json(ref('Questions'), {
        after: 0,
        next: 1,
        head: 1,
        entries: [
          {
            seq: 1,
            question: QUESTION,
            msisdn: '+84901234567',
            imei: IMEI,
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
  description: 'In any order and in parts. The same answer twice is harmless; the first one stands.',
  requestBody: {
    required: true,
    ...json(ref('Answers'), { answers: [{ question: QUESTION, answer: 'yes', at: '2026-11-24T08:00:05Z' }] }),
  },
  responses: {
    '200': {
      description: 'One receipt a row, in the same order.',
      ...json(ref('AnswerReceipts'), { results: [{ question: QUESTION, status: 'recorded' }] }),
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
