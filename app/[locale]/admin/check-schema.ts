import { z } from 'zod'
import { CHECK_ANSWERS, type CheckField } from '#features/cases/proof/rules.ts'

const answerTo = <F extends CheckField>(field: F) => z.enum(CHECK_ANSWERS[field]).optional().catch(undefined)

/** Fields of a checklist. An invalid value counts as missing: the command reports it after checking that the evidence is open. */
export const checkSchema = {
  checkImei1: answerTo('checkImei1'),
  checkImei2: answerTo('checkImei2'),
  checkImei3: answerTo('checkImei3'),
  checkImei4: answerTo('checkImei4'),
  checkName: answerTo('checkName'),
  checkDevice: answerTo('checkDevice'),
} satisfies Record<CheckField, unknown>
