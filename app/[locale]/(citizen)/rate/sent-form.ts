import { z } from 'zod'
import { submitKey } from '#http/hidden-fields.ts'
import { lastValue } from '#lib/raw-form.ts'
import { shownVersion } from '#lib/shown-version.ts'

/** The raw form; its questionnaire validates it. */
export const sentForm = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .transform((typed) => ({
    typed,
    agencyId: lastValue(typed, 'agency'),
    questionnaireVersion: shownVersion.parse(lastValue(typed, 'questionnaire')),
    submitKey: submitKey.parse(lastValue(typed, 'submitKey')),
  }))
