/** What a file of phones may be. */
export const MAX_CSV_BYTES = 5_000_000
export const MAX_CSV_ROWS = 10_000
