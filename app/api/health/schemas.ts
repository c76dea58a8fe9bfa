import { z } from 'zod'
import { CHECK_NAMES } from '#features/health/rules.ts'
import type { AnswerOf } from '#lib/answer.ts'

export const livenessSchema = z.object({ status: z.literal('ok') })

export const readinessSchema = z
  .object({
    status: z
      .enum(['ok', 'degraded', 'maintenance', 'unavailable', 'draining'])
      .describe(
        '`degraded`: something has stopped, and taking the site away would stop the rest. `maintenance`: people read a page in words, and this server goes on to answer it. `draining`: this process was asked to stop and ends what it has begun',
      ),
    version: z.string().describe('of this process, as a semantic version'),
    revision: z.string().describe('the commit that this process is of; `unknown` where nothing says it'),
    checks: z.array(
      z.object({
        name: z.enum(CHECK_NAMES),
        ok: z.boolean(),
        milliseconds: z.int().min(0),
        sealedSecondsAgo: z
          .int()
          .nullable()
          .optional()
          .describe('of the audit log: how long ago it was last sealed; null before the first time'),
        problem: z.string().optional().describe('what is wrong, where the check knows it'),
        stopped: z.string().optional().describe('what has stopped although the check is ok'),
      }),
    ),
  })
  .meta({ id: 'Readiness' })
export type Readiness = AnswerOf<typeof readinessSchema>
