/** Counts over the sentences of tests/masking, which a test recounts: `second` is from before the rules for disguised data. */
export const MEASURED = {
  first: {
    ...{ personal: 186, through: 2 },
    ...{ stretches: 205, masked: 203 },
    ...{ innocent: 160, touched: 0, held: 0 },
  },
  second: {
    ...{ personal: 182, through: 4 },
    ...{ stretches: 188, masked: 166 },
    ...{ innocent: 122, touched: 0, held: 0 },
  },
  /** How many sentences of `second` got through at first, before any rule was changed for one of them. */
  atFirst: 16,
} as const
