import type { Instant } from '#lib/time.ts'
import type { Closed } from '../scans/rules.ts'
import type { Quarters } from '../turning/rules.ts'
import type { EvidenceKind } from './kind-rules.ts'
import type { MediaType } from './media-type-rules.ts'

/** A page of a file that can be looked at, in pixels as its picture is stored. */
export interface ViewPage {
  readonly width: number
  readonly height: number
  /** Quarter turns to the right by which it is turned when shown. */
  readonly turns: Quarters
}

/** A file of evidence as the pages show it. */
export interface EvidenceItem {
  readonly id: string
  readonly kind: EvidenceKind
  /** `pending`: its copy is being made. `unreadable`: no copy could be made, police look at the original. */
  readonly state: 'pending' | 'ready' | 'unreadable'
  /** Why it is not opened now, or null. */
  readonly closed: Closed | null
  /** The name of the virus that was found. */
  readonly finding: string | null
  readonly fileName: string | null
  readonly mediaType: MediaType
  /** Bytes, as it arrived. */
  readonly byteSize: number
  /** The size of the copy for viewing, in pixels; null while there is none, and for a PDF. */
  readonly view: { readonly width: number; readonly height: number } | null
  /** The pages that can be viewed: one for a picture, the drawn ones for a PDF; none before the papers are opened. */
  readonly pages: readonly ViewPage[]
  /** The event it came with, when it came after sending. */
  readonly eventSeq: number | null
  readonly createdAt: Instant
}

/** Counts the files of each event of a case, by its sequence; files of the report belong to the first event. */
export const filesByEvent = (items: readonly Pick<EvidenceItem, 'eventSeq'>[]): ReadonlyMap<number, number> =>
  new Map([...Map.groupBy(items, (file) => file.eventSeq ?? 1)].map(([seq, files]) => [seq, files.length]))
