import { z } from 'zod'
import type { AnswerOf } from '#lib/answer.ts'
import type { ImeiFault } from '#lib/imei/imei.ts'

export const imeiPathSchema = z.object({
  imei: z.string().describe('15 digits; 14 without the check digit, and the 16 of an IMEISV, are read too'),
})

const FAULTS = {
  empty: 'empty',
  letters: 'letters',
  length: 'length',
  check_digit: 'check_digit',
  repeated: 'repeated',
  zeros: 'zeros',
  test_body: 'test_body',
} as const satisfies { readonly [Fault in ImeiFault]: Fault }

export const imeiCheckSchema = z
  .object({
    imei: z.string().describe('15 digits; what was asked where it is not valid'),
    valid: z.boolean(),
    result: z
      .enum(['reported', 'not_reported', 'invalid'])
      .describe('`not_reported` says nothing of cases that are still being decided'),
    fault: z.enum(FAULTS).optional().describe('why it is not valid'),
  })
  .meta({ id: 'ImeiCheck' })
export type ImeiCheckAnswer = AnswerOf<typeof imeiCheckSchema>
