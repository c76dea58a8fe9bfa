import type { CommentKey, HeldKey } from '#features/ratings/comments/reading-data.ts'

export type Sent = Readonly<Record<string, string | string[] | undefined>>

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const KEY = /^(\d{4}-\d\d-\d\d)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Returns the place in a list that an address names; null for its beginning. */
export function readPlace(sent: string | string[] | undefined): CommentKey | null {
  const [, month, id] = (typeof sent === 'string' && KEY.exec(sent)) || []
  const at = new Date(month ?? '')
  return id === undefined || Number.isNaN(at.getTime()) ? null : { month: at, id }
}

/** Returns the place in the queue of doubtful comments that an address names; null for its beginning. */
export function readHeldPlace(sent: string | string[] | undefined): HeldKey | null {
  const place = readPlace(sent)
  return place && { heldOn: place.month, id: place.id }
}

/** Writes a place for an address, as {@link readPlace} reads it. */
export const formatPlace = ({ month, id }: CommentKey): string => `${month.toISOString().slice(0, 10)}_${id}`
