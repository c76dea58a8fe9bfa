import { toTenThousandths } from '#lib/ten-thousandths.ts'
import type { Figures } from '../rules/results.ts'

/** Returns the data attributes of a row of results; a suppressed row has no figures to read. */
export const resultMarks = (agency: string, { responses, share, standing }: Figures) => ({
  'data-agency': agency,
  'data-responses': responses,
  'data-suppressed': standing === 'suppressed',
  ...(share && {
    'data-satisfied': toTenThousandths(share.satisfied),
    'data-low': toTenThousandths(share.low),
    'data-high': toTenThousandths(share.high),
  }),
})
