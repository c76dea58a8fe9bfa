import { z } from 'zod'
import { CITY } from '#cities/city.ts'
import { casesSchema } from '#features/ratings/invitations/rules.ts'
import { volumesSchema } from '#features/ratings/volumes/rules.ts'
import { json, PROBLEMS, SIGNED_HEADERS } from './parts.ts'

const signed = { tags: ['one-stop'], security: [{ oneStopSignature: [] }], parameters: SIGNED_HEADERS }
const refusals = { ...PROBLEMS.badBody, ...PROBLEMS.unsigned, ...PROBLEMS.failed }

export const ONE_STOP_PATHS = {
  '/api/survey/v1/volumes': {
    post: {
      ...signed,
      operationId: 'tellVolumes',
      summary: 'Say how many cases agencies have finished',
      description:
        'By month, and by procedure where you know it. All rows are taken or none. A row told again replaces the one before; the same again changes nothing. Public at `/api/v1/results/volumes`.',
      requestBody: {
        required: true,
        ...json(volumesSchema, {
          source: 'iGate',
          rows: [
            { agency: CITY.example, month: '2026-11', procedure: '1.000894', cases: 412 },
            { agency: CITY.example, month: '2026-11', cases: 2890 },
          ],
        }),
      },
      responses: {
        '200': {
          description: 'How many rows are new or differ from what was told before.',
          ...json(z.object({ changed: z.int().min(0) }), { changed: 2 }),
        },
        ...refusals,
        ...PROBLEMS.rows,
      },
    },
  },
  '/api/survey/v1/invitations': {
    post: {
      ...signed,
      operationId: 'listCases',
      summary: 'List an agency’s finished cases of a month, to draw people of',
      description:
        'No names, and nothing of what a case was about but its procedure. Nobody is invited until two survey managers have agreed on a draw; who is not drawn is deleted then, everybody else 30 days later, and a list that nobody draws after 8 days. All rows are taken or none; the same `id` again is the same list.',
      requestBody: {
        required: true,
        ...json(casesSchema, {
          id: '0b2f6a3e-52c1-4c7e-9c0b-8a4f5f0e7d31',
          agency: CITY.example,
          month: '2026-11',
          source: 'iGate',
          cases: [
            { procedure: '1.000894', contact: '0901234567', reference: '' },
            { procedure: '1.000894', contact: '', reference: 'HS-0417' },
          ],
        }),
      },
      responses: {
        '200': {
          description: 'The list that you have made.',
          ...json(z.object({ list: z.uuid() }), { list: '7c1b2f0a-6d52-4b0e-8f43-5e7d0a9b1c22' }),
        },
        ...refusals,
        ...PROBLEMS.list,
      },
    },
  },
}
