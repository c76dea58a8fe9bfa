import { luhnDigit } from '#lib/imei/imei.ts'
import { compactCode, foldDiacritics } from '#lib/text-normalization.ts'

export const DIFFERENCE_KINDS = ['missing', 'extra', 'foreign'] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]
/** Differences that a new order can repair. A block that was never ours is only reported. */
export const REPAIRABLE = ['missing', 'extra'] as const satisfies readonly DifferenceKind[]
export type RepairKind = (typeof REPAIRABLE)[number]

/** Enough for a million phones with dates and reasons in UTF-16. */
export const MAX_LIST_BYTES = 128 * 1024 * 1024
export const MAX_LIST_ROWS = 2_000_000

/** `="352987065816623"` and `'352987065816623`: how sheets keep a long number as text. */
const KEPT_AS_TEXT = /^(?:=\s*"(.*)"|'(.*))$/s
const PLAIN = /^\d{14,16}$/

/**
 * Returns the phone of a row of a carrier's list as its first 14 digits; null for none. The check digit is ignored: on the
 * network it is 0, and a register may keep it so.
 */
export function readListed(cell: string): string | null {
  const text = PLAIN.test(cell) ? cell : written(cell)
  return PLAIN.test(text) ? text.slice(0, 14) : null
}

function written(cell: string): string {
  const [, quoted, marked] = KEPT_AS_TEXT.exec(cell.trim()) ?? []
  return compactCode(quoted ?? marked ?? cell)
}

/** Finds the column of IMEIs by the first row: the one with such a heading, or else the first. */
export function imeiColumn(first: readonly string[]): { readonly at: number; readonly headed: boolean } {
  const at = first.findIndex((name) => /^(so)?imei(sv)?$/.test(foldDiacritics(name).replace(/[\s_"-]/g, '')))
  return { at: Math.max(at, 0), headed: at >= 0 }
}

export const fullImei = (key14: string): string => key14 + luhnDigit(key14)
