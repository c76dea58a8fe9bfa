/** The kinds of file that are taken, by content: what each is called, and the endings its name may have. */
export const MEDIA_TYPES = {
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/heic': ['heic', 'heif'],
  'application/pdf': ['pdf'],
} as const satisfies Record<string, readonly [string, ...string[]]>
export type MediaType = keyof typeof MEDIA_TYPES

/** The value of a file picker's `accept`. It has file extensions too, because some phones know no type for HEIC. */
export const ACCEPTED: string = [
  ...Object.keys(MEDIA_TYPES),
  ...Object.values(MEDIA_TYPES)
    .flat()
    .map((ending) => `.${ending}`),
].join(',')

/**
 * The media types by the names that the detector of content returns. AVIF shares HEIF's container but not its decoder.
 */
const DETECTED: Readonly<Record<string, MediaType>> = {
  'image/jpeg': 'image/jpeg',
  'image/png': 'image/png',
  'image/apng': 'image/png',
  'image/webp': 'image/webp',
  'image/heic': 'image/heic',
  'image/heif': 'image/heic',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heic',
  'application/pdf': 'application/pdf',
}

/** Returns the kind of file that a detected type is, or null for everything that is not taken. */
export const mediaType = (detected: string | undefined): MediaType | null =>
  (detected !== undefined && Object.hasOwn(DETECTED, detected) ? DETECTED[detected] : undefined) ?? null

/** Tells whether a stored text is one of the kinds of file. */
export const isMediaType = (stored: string): stored is MediaType => Object.hasOwn(MEDIA_TYPES, stored)

/**
 * Tells whether a PDF is whole. It ends with its trailer: without it the file was cut off (ISO 32000-1, 7.5.5; readers
 * allow 1024 bytes).
 */
export const isWholePdf = (bytes: Uint8Array): boolean =>
  ascii(bytes.subarray(0, 5)) === '%PDF-' && ascii(bytes.subarray(-1024)).includes('%%EOF')

/**
 * Tells whether a HEIC file is whole. It is a row of boxes, each with its size in front (ISO/IEC 14496-12, 4.2). They
 * must fill the file exactly: one that reaches past the end was cut off.
 */
export function isWholeHeic(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at + 8 <= bytes.length) {
    const size = view.getUint32(at)
    // 0: up to the end of the file; 1: the size follows in 64 bits.
    if (size === 0) return true
    const length = size === 1 && at + 16 <= bytes.length ? Number(view.getBigUint64(at + 8)) : size
    if (length < 8) return false
    at += length
  }
  return at === bytes.length
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
