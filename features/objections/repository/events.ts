import '#server-only'
import type { EventWords } from '#features/cases/rules/particulars.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, seal, unseal } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import type { ObjectionMove } from '../rules/moves.ts'

export interface ObjectionEvent {
  readonly seq: number
  readonly at: Instant
  readonly move: ObjectionMove | 'submitted'
  readonly actorKind: 'citizen' | 'staff' | 'carrier' | 'system'
  readonly actorId: string | null
  readonly actorRole: StaffRole | null
  readonly actorUnitId: string | null
  readonly reasonCode: string | null
  readonly words: EventWords
}

const wordsPlace = (seq: number) => `objection-event:${seq}`

export async function addEvent(tx: Tx, key: CaseKey, { words, ...event }: ObjectionEvent): Promise<void> {
  const hasWords = Object.values(words).some(Boolean)
  await tx.objectionEvent.create({
    data: {
      ...event,
      objectionId: key.caseId,
      sealed: hasWords ? seal(key, wordsPlace(event.seq), words) : null,
    },
    select: { seq: true },
  })
}

/** Returns everything that happened to an objection that was found within a scope, newest first. */
export async function eventsOf(key: CaseKey): Promise<ObjectionEvent[]> {
  const rows = await db.objectionEvent.findMany({
    where: { objectionId: key.caseId },
    orderBy: { seq: 'desc' },
    omit: { objectionId: true },
  })
  return rows.map(({ sealed, move, ...event }) => ({
    ...event,
    move: move as ObjectionEvent['move'],
    words: sealed ? unseal<EventWords>(key, wordsPlace(event.seq), sealed) : {},
  }))
}

/** Returns the same without any words, which takes no key. */
export async function movesOf(objectionId: string): Promise<ObjectionEvent[]> {
  const rows = await db.objectionEvent.findMany({
    where: { objectionId },
    orderBy: { seq: 'desc' },
    omit: { objectionId: true, sealed: true },
  })
  return rows.map(({ move, ...event }) => ({ ...event, move: move as ObjectionEvent['move'], words: {} }))
}
