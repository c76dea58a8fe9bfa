/** True in `npm run test:full`: everything, in every mode, including kills and waits. */
export const full = Boolean(process.env.TEST_FULL)

/** Returns how many cases a property tries: `most` in `npm run test:full`, otherwise at most 200. */
export const runs = (most: number): number => (full ? most : Math.min(most, 200))
