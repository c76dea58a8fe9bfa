/** Limits of one file and of one submission (docs/rules.md, "Proof of ownership"). Bytes; 1 MB is 1024 × 1024. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024

/** Files with a report, and again with each later reply, so that a person who is asked for more can still send it. */
export const MAX_FILES = 6

/** Bytes of one multipart body: six files of the maximum size, the text fields and the envelope. */
export const MAX_BODY_BYTES = 65 * 1024 * 1024

/** The largest picture that a 50-megapixel phone camera makes. A larger one is refused before it is decoded. */
export const MAX_PIXELS = 8192 * 6144

/** Longer side of the copy for viewing, in pixels: an A4 invoice stays readable. */
export const VIEW_SIDE = 2400

/** Longer sides of a shown page, in pixels: beside another page, in full, and for small print. */
export const PAGE_SIDES = [480, 1280, VIEW_SIDE] as const
export type PageSide = (typeof PAGE_SIDES)[number]

/** How many pages of a PDF are read and drawn, from the first: a receipt or contract names the phone there. */
export const MAX_PAGES = 10

export const SMALL_SIDE = 320
