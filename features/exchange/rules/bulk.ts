import { isUuid } from '#lib/uuid.ts'

/** The most orders that one press acts on: a page of the list. */
export const MOST_AT_ONCE = 50

/** Lists the acts on several orders at once. Each order is checked by the rules for one. */
export const BULK_ACTS = ['retry', 'exempt'] as const
export type BulkAct = (typeof BULK_ACTS)[number]
export const isBulkAct = (text: string): text is BulkAct => BULK_ACTS.some((act) => act === text)

/** Reads the ids of chosen orders from an address: each once, and no more than one press may act on. */
export const readChosen = (sent: string | readonly string[] | undefined): string[] =>
  [...new Set([sent ?? []].flat())].filter(isUuid).slice(0, MOST_AT_ONCE)
