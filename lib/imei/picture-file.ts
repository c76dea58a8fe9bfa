interface FileHead {
  readonly kind: 'jpeg' | 'png' | 'webp' | 'heic' | 'pdf' | 'empty' | 'other'
  /** As stored, before the camera's orientation is applied; null if the file's head does not show it. */
  readonly size: { readonly width: number; readonly height: number } | null
}

/** Enough bytes of a file to include its size, also after a camera's preview. */
export const HEAD_BYTES = 512 * 1024

/** Reads the kind and the size of a picture from the first bytes of its file, so that a huge one is never decoded whole. */
export function readHead(bytes: Uint8Array): FileHead {
  const text = (from: number, length: number): string =>
    String.fromCharCode(...bytes.slice(from, from + length))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length === 0) return { kind: 'empty', size: null }
  if (text(0, 4) === '%PDF') return { kind: 'pdf', size: null }
  if (bytes.length < 32) return { kind: 'other', size: null }
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { kind: 'jpeg', size: jpegSize(view) }
  if (text(1, 3) === 'PNG') {
    return { kind: 'png', size: { width: view.getUint32(16), height: view.getUint32(20) } }
  }
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP')
    return { kind: 'webp', size: webpSize(view, text(12, 4)) }
  if (text(4, 4) === 'ftyp' && /hei[cxsm]|mif1|msf1|heim/.test(text(8, 24)))
    return { kind: 'heic', size: null }
  return { kind: 'other', size: null }
}

/** Walks through the segments to the frame's header (ITU-T T.81, B.2.2). */
function jpegSize(view: DataView): FileHead['size'] {
  let at = 2
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at++
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

/** Returns the size in a WebP file's first chunk, which is of one of three kinds (RFC 9649). */
function webpSize(view: DataView, chunk: string): FileHead['size'] {
  const low24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  if (chunk === 'VP8X') return { width: low24(24) + 1, height: low24(27) + 1 }
  if (chunk === 'VP8 ') {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  if (chunk !== 'VP8L') return null
  const bits = view.getUint32(21, true)
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
}
