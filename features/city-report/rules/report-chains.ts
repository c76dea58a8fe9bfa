import { groupOf } from '#features/agencies/rules/agency.ts'
import { type Catalogue, type KnownAgency, sinceOf } from '#features/agencies/rules/lineage.ts'

/** One agency that became exactly one new agency on a day, so that the figures of both can be added up. */
export interface Chain {
  /** A local date: the first day of the new one. */
  readonly on: string
  readonly from: string
  readonly to: string
}

/**
 * Returns the one to one successions by a day: the old agency ended and went into one alone, which came from it alone,
 * began on that day, and is of the same group.
 */
export function chainsOf({ versions, successions }: Catalogue, through: string): Chain[] {
  const some = (is: (one: Catalogue['successions'][number]) => boolean) => successions.filter(is)
  return successions.flatMap(({ on, from, to }) => {
    if (to === null || to === from || on > through) return []
    const [old, heir] = [from, to].map((id) => versions.filter((version) => version.id === id))
    const last = old?.find(({ validTo }) => validTo === on)
    const first = heir?.find(({ validFrom }) => validFrom === on)
    const alone =
      some((one) => one.on === on && one.from === from).length === 1 &&
      some((one) => one.on === on && one.to === to).length === 1
    const ended = old?.every(({ validFrom }) => validFrom < on) ?? false
    const began = heir?.every(({ validFrom }) => validFrom >= on) ?? false
    if (!alone || !ended || !began || last === undefined || first === undefined) return []
    return groupOf(last.kind) === groupOf(first.kind) ? [{ on, from, to }] : []
  })
}

/** Returns under which agency an agency's answers are added up: itself, or the last of its chain. */
export function heirOf(chains: readonly Chain[]): (id: string) => string {
  const next = new Map(chains.map(({ from, to }) => [from, to]))
  // Each step of a chain is on a later day, so that the loop ends.
  const follow = (id: string): string => {
    const to = next.get(id)
    return to === undefined ? id : follow(to)
  }
  return follow
}

/** Returns the agencies with each chain as its last one, which is as old as its first. */
export function mergeChains(known: readonly KnownAgency[], heir: (id: string) => string): KnownAgency[] {
  const since = new Map<string, string>()
  for (const one of known) {
    const [id, day] = [heir(one.id), sinceOf(one)]
    const before = since.get(id)
    since.set(id, before === undefined || day < before ? day : before)
  }
  return known
    .filter(({ id }) => heir(id) === id)
    .map((one) => ({ ...one, since: since.get(one.id) ?? sinceOf(one) }))
}

/** Returns figures by agency with each chain's added up under its last one. */
export function addedUp<K extends string>(
  figures: readonly ({ readonly id: string } & Readonly<Record<K, number>>)[],
  name: K,
  heir: (id: string) => string,
): { readonly id: string; readonly count: number }[] {
  const sums = new Map<string, number>()
  for (const one of figures) sums.set(heir(one.id), (sums.get(heir(one.id)) ?? 0) + one[name])
  return [...sums].map(([id, count]) => ({ id, count }))
}
