import { z } from 'zod'
import { type Agency, englishName } from './agency.ts'
import type { Catalogue } from './lineage.ts'
import type { Change, Opening, PlannedSuccession } from './reorganisation.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/)
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/)
const text = z.string().min(1)

/** A whole catalogue to come: the departments and units that there will be, and what each was drawn from. */
export const editionSchema = z.object({
  edition: z.string().regex(/^\d{4}$/),
  valid_from: date,
  legal_basis: z.object({ units: text, departments: text }),
  /** Agencies that came and went between the editions: they are named as an origin, and were never rated. */
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
      /** An agency's id, or a district of another province. */
      predecessors: z.array(z.union([id, z.object({ province: text, district: text })])),
    }),
  ),
})
export type Edition = z.output<typeof editionSchema>

/**
 * What switching an edition on does to the catalogue. What goes on unchanged stays open; a department that takes
 * another in goes on under its id from the day; a unit that was drawn from several districts is a merger, even where
 * each of them was also split, and so inherits nobody's answers.
 */
export function editionChange(edition: Edition, catalogue: Catalogue, on: string): Change {
  const parts = [...departmentParts(edition, catalogue), ...unitParts(edition, catalogue)]
  const opens = parts.map(({ opening }) => opening)
  const shares = new Map<string, number>()
  for (const { from } of parts) for (const origin of from) shares.set(origin, (shares.get(origin) ?? 0) + 1)
  const successions = parts.flatMap(({ opening, from, basis }) =>
    from
      .filter((origin) => origin !== opening.id)
      .map((origin): PlannedSuccession => {
        const kind = from.length > 1 ? 'merge' : (shares.get(origin) ?? 0) > 1 ? 'split' : 'rename'
        return { kind, from: origin, to: opening.id, basis }
      }),
  )
  const basis = `${edition.legal_basis.units}; ${edition.legal_basis.departments}`
  return { kind: 'edition', on, basis, closes: [...shares.keys()], opens, successions }
}

interface Part {
  readonly opening: Opening
  readonly from: readonly string[]
  readonly basis: string
}

function departmentParts({ departments, legal_basis }: Edition, { versions }: Catalogue): Part[] {
  return departments.flatMap(({ id, name_vi, name_en, abbreviation, predecessors }) => {
    const now = versions.find((version) => version.id === id && version.validTo === null)
    const goesOn = now?.nameVi === name_vi && predecessors.every((origin) => origin === id)
    if (goesOn) return []
    const agency: Agency = {
      id,
      nameVi: name_vi,
      nameEn: name_en,
      kind: 'department',
      abbreviation,
      areas: [],
    }
    const basis = legal_basis.departments
    return [{ opening: { ...agency, legalBasis: basis }, from: predecessors, basis }]
  })
}

/** The city's own districts first, in their usual order, then those of the provinces that joined it. */
function unitParts({ units, former, legal_basis }: Edition, { versions }: Catalogue): Part[] {
  const order = versions.map((version) => version.id)
  const rank = (part: Part) => (part.from[0] === undefined ? order.length : order.indexOf(part.from[0]))
  return units
    .map(({ id, name_vi, kind, predecessors }): Part => {
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
      return { opening: { ...agency, legalBasis: grounds }, from, basis: grounds }
    })
    .toSorted((a, b) => rank(a) - rank(b))
}
