import '#server-only'
import { fileTypeFromBuffer } from 'file-type'
import { err, ok, type Result } from '#lib/result.ts'
import { isWholeHeic, isWholePdf, type MediaType, mediaType } from './files/rules.ts'
import { type Copy, heicHeader, viewCopy } from './pictures.ts'

/** Detects the type of a file from its bytes, not its name, and refuses an incomplete file. */
export async function inspect(bytes: Buffer): Promise<
  Result<
    {
      readonly mediaType: MediaType
      /** The copy for viewing. Null for a PDF, and for a HEIC, whose copy the worker makes. */
      readonly view: Copy | null
    },
    'empty' | 'type' | 'damaged' | 'pixels'
  >
> {
  if (bytes.length === 0) return err('empty')
  const type = mediaType((await fileTypeFromBuffer(bytes))?.mime)
  if (type === null) return err('type')
  if (type === 'application/pdf') {
    return isWholePdf(bytes) ? ok({ mediaType: type, view: null }) : err('damaged')
  }
  if (type === 'image/heic') {
    if (!isWholeHeic(bytes)) return err('damaged')
    const header = await heicHeader(bytes)
    return header.ok ? ok({ mediaType: type, view: null }) : header
  }
  const view = await viewCopy(bytes)
  return view.ok ? ok({ mediaType: type, view: view.value }) : view
}
