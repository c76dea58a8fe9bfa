import { z } from 'zod'
import { type BoardPeriod, PERIODS } from '#features/cases/board/rules.ts'
import type { Route } from '#messages/paths.ts'

export interface BoardQuery {
  readonly unit: string | null
  readonly period: BoardPeriod
  readonly done: 'absent' | 'present' | null
  /** Submit key of the form that assigned the cases now shown. */
  readonly shared: string | null
}

const DONE = ['absent', 'present'] as const

/** Parses a board's address; unknown values are left out. */
export function readBoardQuery({
  unit,
  days,
  done,
  shared,
}: Readonly<Record<string, string | string[] | undefined>>): BoardQuery {
  return {
    unit: typeof unit === 'string' && /^[\w-]{1,60}$/.test(unit) ? unit : null,
    period: PERIODS.find((period) => String(period) === days) ?? 30,
    done: DONE.find((one) => one === done) ?? null,
    shared: z.uuid().safeParse(shared).success ? (shared as string) : null,
  }
}

export const boardRoute = (
  { unit, period }: Pick<BoardQuery, 'unit' | 'period'>,
  more: Readonly<Record<string, string>> = {},
): Route => ({
  pathname: '/admin/cases/unit',
  query: { ...(unit !== null && { unit }), ...(period !== 30 && { days: String(period) }), ...more },
})
