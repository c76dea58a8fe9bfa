import { createHash } from 'node:crypto'
import { provenChangesSchema } from '#features/exchange/interface/rules.ts'
import { PUSH } from '#features/exchange/push/rules.ts'
import { PUSHED_ALERT } from './alerts.ts'
import { CHANGES_EXAMPLE, PROOF_RULE } from './carrier-book.ts'
import { json, SIGNED_HEADERS } from './parts.ts'

const answers = {
  '2XX': { description: 'You have the lines, safely: that is their acknowledgement.' },
  '410': { description: 'You want nothing more here: pushing stops, and a person is told.' },
  default: {
    description: `Anything else, a redirect too, and no answer within ${PUSH.timeoutMs / 1000} seconds: the same message comes again, after pauses of up to an hour, for ${PUSH.patienceHours} hours. \`Retry-After\` of 429 and 503, in seconds or as a date, is kept to, for up to an hour.`,
  },
}

const pushed = (operationId: string, summary: string, description: string, example: object) => ({
  post: {
    tags: ['carrier'],
    operationId,
    summary,
    description,
    security: [],
    parameters: SIGNED_HEADERS,
    requestBody: { required: true, ...json(provenChangesSchema, example) },
    responses: answers,
  },
})

/** Messages posted to a carrier's registered address, with Standard Webhooks headers. */
export const WEBHOOKS = {
  changes: pushed(
    'changesPushed',
    'New lines of your book',
    `The same as \`/api/carrier/v1/changes\` answers: at most ${PUSH.lines} lines, gapless, one message at a time and in order. A message may come twice (its answer was lost): lines that you have already are to be skipped. Lines that begin beyond what you have are to be refused, and missing ones read. It waits up to ${PUSH.proofSeconds} seconds for the proofs of its blocks, unless an unblock is among its lines; read what is not proven then at \`changes\` with \`version=2\`. A message that comes again has the same lines and chain, and proofs of that moment. ${PROOF_RULE} Tell what you did at \`/api/carrier/v1/results\`.`,
    CHANGES_EXAMPLE,
  ),
  ping: pushed(
    'testPushed',
    'A test message',
    'Has no lines: there is nothing to do but to check its signature and answer 2xx.',
    { ...CHANGES_EXAMPLE, after: 1, sha256: createHash('sha256').digest('hex'), entries: [] },
  ),
  alert: {
    post: {
      tags: ['alerts'],
      operationId: 'alertPushed',
      summary: 'One alert for a bank or wallet',
      description:
        'The same event as `/api/alerts/v1/changes` answers, one a message and in order; `webhook-id` is its `id`. One may come twice. One of type `device.test` is a test message, about nobody: check its signature and answer 2xx. Tell what you did at `/api/alerts/v1/results`.',
      security: [],
      parameters: SIGNED_HEADERS,
      requestBody: PUSHED_ALERT,
      responses: answers,
    },
  },
}
