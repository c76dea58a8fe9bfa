import { stripInvisible } from '#lib/text-normalization.ts'
import type { Instant } from '#lib/time.ts'
import type { Closed } from '../scans/rules.ts'
import type { Quarters } from '../turning/rules.ts'

/** A page that can be viewed, with the size of its stored picture in pixels. */
export interface ViewPage {
  readonly width: number
  readonly height: number
  /** Quarter turns to the right by which the page is shown. */
  readonly turns: Quarters
}

export interface EvidenceItem {
  readonly id: string
  readonly kind: EvidenceKind
  /** `pending`: its copy is being made. `unreadable`: no copy could be made, and police look at the original. */
  readonly state: 'pending' | 'ready' | 'unreadable'
  readonly closed: Closed | null
  /** Name of the virus that was found. */
  readonly finding: string | null
  readonly fileName: string | null
  readonly mediaType: MediaType
  /** Bytes of the original. */
  readonly byteSize: number
  /** Size of the copy for viewing, in pixels; null if there is none yet, and for a PDF. */
  readonly view: { readonly width: number; readonly height: number } | null
  /** Pages that can be viewed: one for a picture, the drawn ones for a PDF; none before the papers are opened. */
  readonly pages: readonly ViewPage[]
  /** The event that it came with, if it came after sending. */
  readonly eventSeq: number | null
  readonly createdAt: Instant
}

/** Counts the files of each event of a case by its sequence number; files of the report belong to event 1. */
export const filesByEvent = (items: readonly Pick<EvidenceItem, 'eventSeq'>[]): ReadonlyMap<number, number> =>
  new Map([...Map.groupBy(items, (file) => file.eventSeq ?? 1)].map(([seq, files]) => [seq, files.length]))

/** The kinds of proof in a file: box label, invoice, warranty card, account page at Apple or Google, contract, other. */
export const EVIDENCE_KINDS = ['box', 'invoice', 'warranty', 'account', 'contract', 'other'] as const
/** Kinds for the holder of a phone, who first shows its `*#06#` screen beside the code word of the objection. */
export const HOLDER_KINDS = ['screen', ...EVIDENCE_KINDS] as const
export type EvidenceKind = (typeof HOLDER_KINDS)[number]

/** Returns the kind that the form gave. A file without a valid kind is kept as `other`, because losing it would cost more. */
export const evidenceKind = (input: string | undefined): EvidenceKind =>
  EVIDENCE_KINDS.find((kind) => kind === input) ?? 'other'

export const holderKind = (input: string | undefined): EvidenceKind =>
  HOLDER_KINDS.find((kind) => kind === input) ?? 'other'

/** Why a file, or a form with files, was refused. Each has its message under `evidence` in the faults. */
const EVIDENCE_FAULTS = [
  /** No file came although one was expected. */
  'none',
  'empty',
  'too_large',
  'too_many',
  /** The content has no accepted type. */
  'type',
  /** The type is accepted, but the file is cut off or broken. */
  'damaged',
  /** More pixels than any camera makes. */
  'pixels',
  /** More uploads from one address than people make. */
  'too_often',
  /** The connection broke, or the body was not a form. */
  'interrupted',
  /** Our own storage failed. */
  'failed',
] as const
export type EvidenceFault = (typeof EVIDENCE_FAULTS)[number]

/** Returns the fault that a page's query names, or null: anybody can write an address. */
export const evidenceFault = (input: unknown): EvidenceFault | null =>
  EVIDENCE_FAULTS.find((fault) => fault === input) ?? null

const MAX_LENGTH = 120

/**
 * Returns a file name that is safe to show: the last part of a path, on one line, without invisible characters (a right-to-left
 * mark turns `gpj.exe` around), at most 120 code points including its extension. Null if nothing is left. It is never part of a
 * path: files are stored under ids.
 */
export function cleanFileName(input: string | undefined): string | null {
  // Browsers write line breaks and quotes in a name like this (HTML, "multipart/form-data encoding algorithm").
  const named = (input ?? '').replace(/%0D|%0A/g, '\n').replaceAll('%22', '"')
  const base = named.split(/[/\\]/).at(-1) ?? ''
  const line = stripInvisible(base.replace(/\s+/g, ' ').normalize('NFC')).trim()
  if (/^[.\s]*$/.test(line)) return null
  const points = [...line]
  if (points.length <= MAX_LENGTH) return line
  const ending = /\.[a-z0-9]{1,8}$/i.exec(line)?.[0] ?? ''
  return `${points.slice(0, MAX_LENGTH - ending.length - 1).join('')}…${ending}`
}

/** Returns the name for saving a file, with an extension that fits its content: a JPEG named `hoá đơn.exe` gets `.jpg`. */
export function downloadName(fileName: string | null, type: MediaType): string {
  const endings: readonly [string, ...string[]] = MEDIA_TYPES[type]
  const name = fileName ?? 'tep'
  const fits = endings.some((ending) => name.toLowerCase().endsWith(`.${ending}`))
  return fits ? name : `${name}.${endings[0]}`
}

/** Returns the Content-Disposition header (RFC 6266): ASCII for old readers, UTF-8 for the rest (RFC 8187). */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

const MEDIA_TYPES = {
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/heic': ['heic', 'heif'],
  'application/pdf': ['pdf'],
} as const satisfies Record<string, readonly [string, ...string[]]>
export type MediaType = keyof typeof MEDIA_TYPES

/** Value of a file picker's `accept`. It has extensions too, because some phones know no type for HEIC. */
export const ACCEPTED: string = [
  ...Object.keys(MEDIA_TYPES),
  ...Object.values(MEDIA_TYPES)
    .flat()
    .map((ending) => `.${ending}`),
].join(',')

/** Maps the type detector's names to media types. AVIF is not accepted: it shares HEIF's container but not its decoder. */
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

export const mediaType = (detected: string | undefined): MediaType | null =>
  (detected !== undefined && Object.hasOwn(DETECTED, detected) ? DETECTED[detected] : undefined) ?? null

export const isMediaType = (stored: string): stored is MediaType => Object.hasOwn(MEDIA_TYPES, stored)

/**
 * Returns whether a PDF is complete. It must end with its trailer: without it the file was cut off (ISO 32000-1, 7.5.5;
 * readers allow 1024 bytes).
 */
export const isWholePdf = (bytes: Uint8Array): boolean =>
  ascii(bytes.subarray(0, 5)) === '%PDF-' && ascii(bytes.subarray(-1024)).includes('%%EOF')

/**
 * Returns whether a HEIC file is complete. It is a sequence of boxes, each with its size in front (ISO/IEC 14496-12, 4.2). They
 * must fill the file exactly: a box that reaches past the end was cut off.
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
