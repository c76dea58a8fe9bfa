import { numberSeries } from '#features/cases/numbers/rules.ts'
import { DAY } from '#lib/time.ts'

/** `BG-XXXX-XXXX-C`, for bàn giao: the number of the paper that both sides have. */
export const handoverNumbers = numberSeries<string>('BG')

/** The time that a seller has to confirm. */
export const HANDOVER_LIFE = DAY
