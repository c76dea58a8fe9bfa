import { err, ok, type Result } from '#lib/result.ts'
import type { Agency, AgencyName, Catalogue, SuccessionKind } from '../rules.ts'

export const CHANGE_KINDS = ['add', 'rename', 'merge', 'split', 'close', 'edition'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

export interface Opening extends Agency {
  readonly legalBasis: string
}

export interface PlannedSuccession {
  readonly kind: SuccessionKind
  readonly from: string
  readonly to: string | null
  readonly basis: string
}

/** One decision about the catalogue. An agency that ends and begins in it continues under its id with other data. */
export interface Change {
  readonly kind: ChangeKind
  /** The first day on which it applies, as a local date. */
  readonly on: string
  readonly basis: string
  readonly closes: readonly string[]
  readonly opens: readonly Opening[]
  readonly successions: readonly PlannedSuccession[]
}

export interface Decision {
  readonly on: string
  readonly basis: string
}

export const addition = (agency: Agency, { on, basis }: Decision): Change => ({
  kind: 'add',
  on,
  basis,
  closes: [],
  opens: [{ ...agency, legalBasis: basis }],
  successions: [],
})

/** Returns the change of an agency's name. Its id, and with it every link, stays. */
export const renaming = (agency: Agency, { on, basis }: Decision): Change => ({
  kind: 'rename',
  on,
  basis,
  closes: [agency.id],
  opens: [{ ...agency, legalBasis: basis }],
  successions: [],
})

export const merger = (from: readonly string[], into: Agency, { on, basis }: Decision): Change => ({
  kind: 'merge',
  on,
  basis,
  closes: [...from],
  opens: [{ ...into, legalBasis: basis }],
  successions: from
    .filter((id) => id !== into.id)
    .map((id) => ({ kind: 'merge', from: id, to: into.id, basis })),
})

/** Returns the split of one agency into several. The agency may be one of them itself. */
export const division = (from: string, into: readonly Agency[], { on, basis }: Decision): Change => ({
  kind: 'split',
  on,
  basis,
  closes: [from],
  opens: into.map((agency) => ({ ...agency, legalBasis: basis })),
  successions: into.filter(({ id }) => id !== from).map(({ id }) => ({ kind: 'split', from, to: id, basis })),
})

export const closure = (id: string, { on, basis }: Decision): Change => ({
  kind: 'close',
  on,
  basis,
  closes: [id],
  opens: [],
  successions: [{ kind: 'abolish', from: id, to: null, basis }],
})

export type ChangeFault =
  /** The day is over: its answers keep the agency to which they were given. */
  | { readonly fault: 'past' }
  | ({ readonly fault: 'exists' } & Named)
  /** The agency has ended, or will end, on `day`; null if there is no such agency. */
  | ({ readonly fault: 'ended'; readonly day: string | null } & Named)
  | ({
      /** `before_start`: its version begins on `day`, not before the change. `answered`: `day` is the first without an answer. */
      readonly fault: 'before_start' | 'answered'
      readonly day: string
    } & Named)

interface Named {
  readonly agency: string
  readonly name: AgencyName
}

export interface Circumstances {
  readonly today: string
  /** The latest day of service rated at each agency. */
  readonly lastAnswered: ReadonlyMap<string, string>
}

/** Checks that a change leaves the past alone; an edition may begin on a past day, unless an answer prevents it. */
export function checkChange(
  change: Change,
  { versions }: Catalogue,
  { today, lastAnswered }: Circumstances,
): Result<Change, ChangeFault> {
  if (change.kind !== 'edition' && change.on < today) return err({ fault: 'past' })
  const lastOf = (id: string) =>
    versions
      .filter((version) => version.id === id)
      .toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1))[0]
  for (const agency of change.closes) {
    const last = lastOf(agency)
    const named = { agency, name: last ?? { nameVi: agency, nameEn: agency } }
    if (last === undefined || last.validTo !== null) {
      return err({ fault: 'ended', ...named, day: last?.validTo ?? null })
    }
    if (last.validFrom >= change.on) return err({ fault: 'before_start', ...named, day: last.validFrom })
    const answered = lastAnswered.get(agency)
    if (answered !== undefined && answered >= change.on) {
      return err({ fault: 'answered', ...named, day: dayAfter(answered) })
    }
  }
  for (const opening of change.opens) {
    const { id } = opening
    const last = lastOf(id)
    if (last === undefined || change.closes.includes(id)) continue
    if (last.validTo === null || last.validTo > change.on) {
      return err({ fault: 'exists', agency: id, name: opening })
    }
  }
  return ok(change)
}

export function afterChange({ versions, successions }: Catalogue, change: Change): Catalogue {
  const kept = versions.map((version) =>
    change.closes.includes(version.id) && version.validTo === null
      ? { ...version, validTo: change.on }
      : version,
  )
  const opened = change.opens.map((opening) => ({
    ...opening,
    versionId: '',
    validFrom: change.on,
    validTo: null,
  }))
  const made = change.successions.map((succession) => ({ ...succession, on: change.on }))
  return { versions: [...kept, ...opened], successions: [...successions, ...made] }
}

const shifted = (date: string, days: number): string => {
  const day = new Date(date)
  day.setUTCDate(day.getUTCDate() + days)
  return day.toISOString().slice(0, 10)
}

export const dayAfter = (date: string): string => shifted(date, 1)
export const dayBefore = (date: string): string => shifted(date, -1)
