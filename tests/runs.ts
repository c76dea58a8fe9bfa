/** Tells whether this is `npm run test:full`: everything, in every mode, kills and waits included. */
export const full = Boolean(process.env.TEST_FULL)

/** Returns how many cases a property tries: `most` in `npm run test:full`, 200 at most in every other run. */
export const runs = (most: number): number => (full ? most : Math.min(most, 200))
