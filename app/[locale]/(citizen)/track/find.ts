import { z } from 'zod'
import { parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { parseCaseSecret } from '#features/cases/unlock/rules.ts'
import type { Result } from '#lib/result.ts'

/** Returns the schema of a field that `parse` reads; its faults are keys of `faults.track`. */
export const readBy = (name: string, parse: (typed: string) => Result<string, string>) =>
  z
    .string()
    .catch('')
    .transform((typed, context) => {
      const parsed = parse(typed)
      if (parsed.ok) return parsed.value
      context.addIssue({ code: 'custom', message: `track.${name}_${parsed.error}` })
      return z.NEVER
    })

export const numberField = readBy('number', parseCaseNumber)

export const findSchema = z.object({ caseNumber: numberField, caseSecret: readBy('secret', parseCaseSecret) })
