import { stripInvisible } from '#lib/text-normalization.ts'
import { MEDIA_TYPES, type MediaType } from './media-type-rules.ts'

const MAX_LENGTH = 120

/**
 * Returns a file's name in a form that is safe to show: the last part of a path, on one line, without invisible
 * characters (a right-to-left mark turns `gpj.exe` around), at most 120 code points with its ending kept. Null when
 * nothing is left. It is never part of a path: files are stored under ids.
 */
export function cleanFileName(input: string | undefined): string | null {
  // Browsers write a line break or a quote in a name like this (HTML, "multipart/form-data encoding algorithm").
  const named = (input ?? '').replace(/%0D|%0A/g, '\n').replaceAll('%22', '"')
  const base = named.split(/[/\\]/).at(-1) ?? ''
  const line = stripInvisible(base.replace(/\s+/g, ' ').normalize('NFC')).trim()
  if (/^[.\s]*$/.test(line)) return null
  const points = [...line]
  if (points.length <= MAX_LENGTH) return line
  const ending = /\.[a-z0-9]{1,8}$/i.exec(line)?.[0] ?? ''
  return `${points.slice(0, MAX_LENGTH - ending.length - 1).join('')}…${ending}`
}

/**
 * Returns the name to save a file under, with an ending that fits its content: `hoá đơn.exe` of a JPEG is no program.
 */
export function downloadName(fileName: string | null, type: MediaType): string {
  const endings: readonly [string, ...string[]] = MEDIA_TYPES[type]
  const name = fileName ?? 'tep'
  const fits = endings.some((ending) => name.toLowerCase().endsWith(`.${ending}`))
  return fits ? name : `${name}.${endings[0]}`
}

/** Returns the header that names a file (RFC 6266): ASCII for old readers, UTF-8 for the rest (RFC 8187). */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}
