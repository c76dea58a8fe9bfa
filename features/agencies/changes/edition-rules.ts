import { z } from 'zod'
import {
  AGENCY_KINDS,
  type Agency,
  type AgencyVersion,
  type Catalogue,
  englishName,
  openOn,
  successorsOn,
} from '../rules.ts'
import {
  type Change,
  type Circumstances,
  checkChange,
  dayAfter,
  type Opening,
  type PlannedSuccession,
} from './rules.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/)
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/)
const text = z.string().min(1)

/** The catalogue with which a city begins. */
export const firstEditionSchema = z.object({
  edition: z.string().regex(/^\d{4}$/),
  valid_from: date,
  agencies: z.array(
    z.object({
      id,
      name_vi: text,
      name_en: text,
      kind: z.enum(AGENCY_KINDS),
      abbreviation: text.nullable(),
      /** The districts of before 2025 from which a ward was drawn, by name. */
      areas: z.array(text).default([]),
    }),
  ),
  /** Agencies whose tasks passed to others when the edition began. People still look for them. */
  former: z
    .array(
      z.object({
        ...{ id, name_vi: text, name_en: text, kind: z.enum(AGENCY_KINDS), abbreviation: text.nullable() },
        to: z.array(id),
        basis: text,
      }),
    )
    .default([]),
})
export type FirstEdition = z.output<typeof firstEditionSchema>

/** A whole future catalogue: its departments and units, and the agencies from which each was drawn. */
export const editionSchema = z.object({
  edition: z.string().regex(/^\d{4}$/),
  valid_from: date,
  legal_basis: z.object({ units: text, departments: text }),
  /** Agencies that existed only between the editions. They are named as origins, and were never rated. */
  former: z.array(z.object({ id, name_vi: text, on: date, basis: text, from: z.array(id) })),
  departments: z.array(
    z.object({
      id,
      name_vi: text,
      name_en: text,
      abbreviation: text.nullable(),
      predecessors: z.array(id),
    }),
  ),
  units: z.array(
    z.object({
      id,
      name_vi: text,
      kind: z.enum(['ward', 'commune', 'special_zone']),
      predecessors: z.array(z.union([id, z.object({ province: text, district: text })])),
    }),
  ),
})
export type Edition = z.output<typeof editionSchema>

/**
 * Returns the changes to the catalogue when an edition is switched on. An agency that stays the same stays open. A department
 * that takes in another keeps its id. A unit drawn from several districts counts as a merger, even if each of them was also
 * split, so that it inherits no answers. An agency that had ended by then stays ended: its successor takes its place, or none if
 * it was abolished.
 */
export function editionChange(edition: Edition, catalogue: Catalogue, on: string): Change {
  const before = new Before(edition, catalogue, on)
  const parts = [...departmentParts(edition, before), ...unitParts(edition, before)]
  const opens = parts.map(({ opening }) => opening)
  const shares = new Map<string, number>()
  for (const { from } of parts) for (const origin of from) shares.set(origin, (shares.get(origin) ?? 0) + 1)
  const successions = parts.flatMap(({ opening, from, several, basis }) =>
    from
      .filter((origin) => origin !== opening.id)
      .map((origin): PlannedSuccession => {
        const kind = several ? 'merge' : (shares.get(origin) ?? 0) > 1 ? 'split' : 'rename'
        return { kind, from: origin, to: opening.id, basis }
      }),
  )
  const basis = `${edition.legal_basis.units}; ${edition.legal_basis.departments}`
  return { kind: 'edition', on, basis, closes: [...shares.keys()], opens, successions }
}

/** Returns the last versions of agencies that an edition names and that had ended by its day. */
export function leftAlone(edition: Edition, catalogue: Catalogue, on: string): readonly AgencyVersion[] {
  const before = new Before(edition, catalogue, on)
  const former = edition.former.flatMap(({ from }) => from)
  const named = [...edition.departments, ...edition.units].flatMap(({ predecessors }) => predecessors)
  const ended = new Set([...named, ...former].filter((id) => typeof id === 'string' && before.hasEnded(id)))
  // A map keeps the place of the first version and the value of the last.
  const last = new Map(catalogue.versions.map((version) => [version.id, version]))
  return [...last.values()].filter(({ id }) => ended.has(id))
}

/** Returns the first day on which an edition can be switched on; null if no day is possible. */
export function firstPossibleDay(edition: Edition, catalogue: Catalogue, circumstances: Circumstances) {
  for (let on = edition.valid_from; ; ) {
    const checked = checkChange(editionChange(edition, catalogue, on), catalogue, circumstances)
    if (checked.ok) return on
    const { error } = checked
    if (!('day' in error) || error.day === null) return null
    on = error.fault === 'before_start' ? dayAfter(error.day) : error.day
  }
}

/** The catalogue on the day of an edition, before it is switched on. */
class Before {
  readonly catalogue: Catalogue
  readonly #on: string
  readonly #open: ReadonlySet<string>
  /** The agencies of the edition. None of them is closed as the heir of an ended agency. */
  readonly #own: ReadonlySet<string>
  constructor(edition: Edition, catalogue: Catalogue, on: string) {
    this.catalogue = catalogue
    this.#on = on
    this.#open = new Set(openOn(catalogue, on).map(({ id }) => id))
    this.#own = new Set([...edition.departments, ...edition.units].map(({ id }) => id))
  }

  hasEnded(id: string): boolean {
    const last = this.catalogue.versions.findLast((version) => version.id === id)
    return !this.#open.has(id) && last !== undefined && last.validTo !== null && last.validTo <= this.#on
  }

  /** Returns the origins that have not ended, and whether there were several, including ended ones. */
  origins(named: readonly string[]): Pick<Part, 'from' | 'several'> {
    const origins = new Set(named.flatMap((id) => this.#inPlaceOf(id)))
    return { from: [...origins].filter((id) => !this.hasEnded(id)), several: origins.size > 1 }
  }

  #inPlaceOf(id: string): readonly string[] {
    if (!this.hasEnded(id)) return [id]
    const heirs = successorsOn(this.catalogue, id, this.#on).map((heir) => heir.id)
    const free = heirs.filter((heir) => !this.#own.has(heir))
    return free.length > 0 ? free : [id]
  }
}

interface Part {
  readonly opening: Opening
  readonly from: readonly string[]
  readonly several: boolean
  readonly basis: string
}

function departmentParts({ departments, legal_basis }: Edition, before: Before): Part[] {
  const { versions } = before.catalogue
  return departments.flatMap(({ id, name_vi, name_en, abbreviation, predecessors }) => {
    const now = versions.find((version) => version.id === id && version.validTo === null)
    const alone = predecessors.every((origin) => origin === id)
    if (alone && (now?.nameVi === name_vi || before.hasEnded(id))) return []
    const agency: Agency = {
      id,
      nameVi: name_vi,
      nameEn: name_en,
      kind: 'department',
      abbreviation,
      areas: [],
    }
    const basis = legal_basis.departments
    return [{ opening: { ...agency, legalBasis: basis }, ...before.origins(predecessors), basis }]
  })
}

/** Returns the parts of all units: the city's own districts first, then those of the provinces that joined it. */
function unitParts({ units, former, legal_basis }: Edition, before: Before): Part[] {
  const { versions } = before.catalogue
  const order = versions.map((version) => version.id)
  const parts = units.map(({ id, name_vi, kind, predecessors }) => {
    const basis = new Set([legal_basis.units])
    const from = predecessors.flatMap((origin) => {
      if (typeof origin !== 'string') return []
      const gone = former.find((one) => one.id === origin)
      if (gone) basis.add(gone.basis)
      return gone?.from ?? [origin]
    })
    const areas = predecessors.map((origin) => {
      if (typeof origin !== 'string') return `${origin.district}, ${origin.province.replace(/^Tỉnh /, '')}`
      const gone = former.find((one) => one.id === origin)
      return gone?.name_vi ?? versions.find((version) => version.id === origin)?.nameVi ?? origin
    })
    const agency: Agency = {
      id,
      nameVi: name_vi,
      nameEn: englishName(name_vi),
      kind,
      abbreviation: null,
      areas,
    }
    const grounds = [...basis].join('; ')
    const part: Part = {
      opening: { ...agency, legalBasis: grounds },
      ...before.origins(from),
      basis: grounds,
    }
    return { part, rank: from[0] === undefined ? order.length : order.indexOf(from[0]) }
  })
  return parts.toSorted((a, b) => a.rank - b.rank).map(({ part }) => part)
}
