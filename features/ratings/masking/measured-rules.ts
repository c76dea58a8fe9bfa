/**
 * How well comments are masked: counts over the sentences of tests/masking, which a test takes anew. `first` are those of the
 * first rules, `second` those that were written before the rules for disguised and spoken data.
 */
export const MEASURED = {
  first: {
    ...{ personal: 186, through: 2 },
    ...{ stretches: 205, masked: 203 },
    ...{ innocent: 160, touched: 0, held: 0 },
  },
  second: {
    ...{ personal: 182, through: 4 },
    ...{ stretches: 188, masked: 165 },
    ...{ innocent: 122, touched: 0, held: 0 },
  },
  /** How many of the second went out as they were written, before any rule was mended for one of them. */
  atFirst: 16,
} as const
