/** Tells whether a value is a text of several lines, such as the signed note of a resumed log: too much for a table. */
const isLong = (value: unknown): boolean => typeof value === 'string' && value.includes('\n')

/**
 * Returns the details of a log line that are not empty. For a table it leaves out texts of several lines, which the
 * entry's own page shows.
 */
export const writtenFacts = (facts: unknown, inTable: boolean): [string, unknown][] =>
  Object.entries(typeof facts === 'object' && facts !== null ? facts : {}).filter(
    ([, value]) => value !== null && !(inTable && isLong(value)),
  )
