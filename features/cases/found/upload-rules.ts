/** The limits of a file of phones. */
export const MAX_CSV_BYTES = 5_000_000
export const MAX_CSV_ROWS = 10_000
