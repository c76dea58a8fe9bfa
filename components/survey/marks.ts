import type { Figures } from '#domain/survey/results.ts'

/** Returns a share as programs read it: 0 to 1, in ten-thousandths. */
export const toTenThousandths = (share: number): number => Math.round(share * 10_000) / 10_000

/** Returns the marks of a row of results. Where the figures are suppressed there are none to read. */
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
