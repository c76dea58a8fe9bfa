import type { Month } from '#features/results/rules.ts'
import type { Counts } from '#features/results/tally-rules.ts'
import type { Facts } from '../rules.ts'

/** The open data at the first run of a month: the hash of every public table, and the parameters of the figures. */
export interface Snapshot {
  readonly month: Month
  readonly takenOn: string
  readonly dispersion: { readonly factor: number; readonly compared: number }
  /** The names on that day. */
  readonly agencies: readonly { readonly id: string; readonly vi: string; readonly en: string }[]
  readonly tables: readonly { readonly table: string; readonly sha256: string }[]
}

export interface KeptCounts {
  readonly agency: string
  readonly questionnaire: number
  readonly question: string
  readonly respondents: number
  readonly counts: Counts
}

/** A published month of `/so-lieu`, as its table has it. */
export interface KeptFigures {
  readonly month: Month
  readonly city: Facts
  readonly areas: readonly (Facts & { readonly area: string })[]
}
