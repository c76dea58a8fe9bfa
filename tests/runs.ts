/** Returns how many cases a property tries: `full` in `npm run test:full`, 200 at most in every other run. */
export const runs = (full: number): number => (process.env.TEST_FULL ? full : Math.min(full, 200))
