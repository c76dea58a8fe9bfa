import { numberSeries } from '#features/cases/numbers/rules.ts'
import { DAY } from '#lib/time.ts'

/** `BG-XXXX-XXXX-C`, for bàn giao: the number of the paper that both sides get. */
export const handoverNumbers = numberSeries<string>('BG')

/** How long a seller has to confirm. */
export const HANDOVER_LIFE = DAY
