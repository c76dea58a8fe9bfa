import { isDeepStrictEqual } from 'node:util'

/** Tells whether a row is there already as a file says it: columns that the file does not name are the product's own. */
export const saysTheSame = (
  row: Readonly<Record<string, unknown>> | undefined,
  wanted: Readonly<object>,
): boolean =>
  row !== undefined && Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(row[name], value))
