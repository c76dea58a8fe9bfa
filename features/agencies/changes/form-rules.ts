import { wordFault } from '#features/questionnaires/questions/form-rules.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { foldDiacritics, stripInvisible } from '#lib/text-normalization.ts'
import {
  AGENCY_KINDS,
  type Agency,
  type AgencyGroup,
  type AgencyKind,
  type AgencyVersion,
  type Catalogue,
  englishName,
  groupOf,
  openOn,
} from '../rules.ts'
import {
  addition,
  type Change,
  type ChangeKind,
  closure,
  type Decision,
  division,
  merger,
  renaming,
} from './rules.ts'

/** Names of faults under `catalogue` in the messages, by field name. */
export type FormFaults = Readonly<Record<string, string>>

/** The changes that a survey manager makes by hand; an edition is switched on as a whole. */
export const MANUAL_KINDS = [
  'add',
  'rename',
  'merge',
  'split',
  'close',
] as const satisfies readonly ChangeKind[]
export type ManualKind = (typeof MANUAL_KINDS)[number]

/** The raw fields of a change's form. Only `from` may have several values. */
export interface TypedChange {
  readonly kind: ManualKind
  readonly agency: string
  /** For a merger: ids or names, in the order of their fields. An empty field is ignored. */
  readonly from: readonly string[]
  /** For a merger: an agency's id or name; empty for a new agency. */
  readonly into: string
  /** For a merger: `into` if an existing agency continues; `into` must then name it. */
  readonly how?: string
  readonly agencyKind: string
  readonly nameVi: string
  readonly nameEn: string
  readonly abbreviation: string
  /** For a split: the names of the parts, one per line. */
  readonly parts: string
  readonly keeps: string
  readonly on: string
  readonly basis: string
}

const NAME_MAX = 120
const PARTS_MAX = 40

const line = (text: string): string => stripInvisible(text).normalize('NFC').replace(/\s+/g, ' ').trim()

/** Returns an agency's id from its name: `Phường An Khánh` → `phuong-an-khanh`, with a number if that is taken. */
export function idFor(nameVi: string, taken: ReadonlySet<string>): string {
  const slug = foldDiacritics(nameVi)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 70)
  const base = slug === '' ? 'co-quan' : slug
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`
    if (!taken.has(id)) return id
  }
}

/** Reads a change's form and returns every fault at once. `checkChange` decides whether the day is possible. */
export function readCatalogueChange(typed: TypedChange, catalogue: Catalogue): Result<Change, FormFaults> {
  const faults: Record<string, string> = {}
  const decision = readDecision(typed, faults)
  const known = new Map(catalogue.versions.map((version) => [version.id, version]))
  const reader = new Reader(typed, catalogue, known, faults)
  const change = reader.read(decision)
  return change === null || Object.keys(faults).length > 0 ? err(faults) : ok(change)
}

function readDecision(typed: TypedChange, faults: Record<string, string>): Decision {
  const on = line(typed.on)
  const exists = /^\d{4}-\d\d-\d\d$/.test(on) && !Number.isNaN(Date.parse(on))
  if (on === '') faults.on = 'on.empty'
  // Date.parse reads 31 February as 3 March.
  else if (!exists || new Date(on).toISOString().slice(0, 10) !== on) faults.on = 'on.format'
  const basis = line(typed.basis)
  const fault = basis === '' ? 'basis.empty' : wordFault(basis, 'basis')
  if (fault !== null) faults.basis = fault
  return { on, basis }
}

class Reader {
  readonly #typed: TypedChange
  readonly #catalogue: Catalogue
  readonly #known: ReadonlyMap<string, AgencyVersion>
  readonly #faults: Record<string, string>
  readonly #taken: Set<string>
  readonly #names = new Set<string>()
  constructor(
    typed: TypedChange,
    catalogue: Catalogue,
    known: ReadonlyMap<string, AgencyVersion>,
    faults: Record<string, string>,
  ) {
    this.#typed = typed
    this.#catalogue = catalogue
    this.#known = known
    this.#faults = faults
    this.#taken = new Set(known.keys())
  }

  read(decision: Decision): Change | null {
    switch (this.#typed.kind) {
      case 'add': {
        const kind = this.#agencyKind()
        const agency = this.#newAgency(kind ?? 'department')
        return agency && addition(agency, decision)
      }
      case 'rename': {
        const agency = this.#agency()
        const renamed = agency && this.#newAgency(agency.kind, agency)
        return renamed && renaming(renamed, decision)
      }
      case 'merge':
        return this.#merger(decision)
      case 'split':
        return this.#division(decision)
      case 'close': {
        const agency = this.#agency()
        return agency && closure(agency.id, decision)
      }
    }
  }

  #merger(decision: Decision): Change | null {
    const from = this.#typed.from.flatMap((text, at) => {
      if (line(text) === '') return []
      const found = this.#meant(text)
      if (found === undefined) this.#faults[`from${at + 1}`] = 'from.unknown'
      return found === undefined ? [] : [found.id]
    })
    const into = line(this.#typed.into)
    const survivor = into === '' ? null : this.#meant(into)
    if (survivor === undefined) this.#faults.into = 'into.unknown'
    if (survivor === null && this.#typed.how === 'into') {
      this.#faults.into = 'into.empty'
      return null
    }
    const all = [...new Set(survivor ? [...from, survivor.id] : from)]
    if (all.length < 2) this.#faults.from = 'from.few'
    const merged = all.flatMap((id) => this.#known.get(id) ?? [])
    const groups = new Set(merged.map(({ kind }) => groupOf(kind)))
    if (groups.size > 1) this.#faults.from = 'from.mixed'
    if (survivor === undefined) return null
    const agency = survivor ? bare(survivor) : this.#united(merged, groups)
    return agency && merger(all, agency, decision)
  }

  /** Finds an agency by its id, its name in either language, or its abbreviation, with or without marks. */
  #meant(text: string): AgencyVersion | undefined {
    const wanted = line(text)
    const folded = foldDiacritics(wanted)
    const named = openOn(this.#catalogue, '9999-12-31').filter((one) =>
      [one.nameVi, one.nameEn, one.abbreviation ?? ''].some((name) => foldDiacritics(name) === folded),
    )
    // If names differ only in their marks, the one that was typed exactly is meant.
    const exact = named.filter(({ nameVi, nameEn }) => nameVi === wanted || nameEn === wanted)
    const found = exact.length > 0 ? exact : named
    return this.#known.get(wanted) ?? (found.length === 1 ? found[0] : undefined)
  }

  /** Returns the new agency of a merger. It must be of the merged agencies' group, but may be of another kind than they were. */
  #united(merged: readonly AgencyVersion[], groups: ReadonlySet<AgencyGroup>): Agency | null {
    const kind = this.#agencyKind()
    if (kind && groups.size === 1 && !groups.has(groupOf(kind))) this.#faults.agencyKind = 'agencyKind.group'
    const areas = [...new Set(merged.flatMap((one) => one.areas))]
    return this.#newAgency(kind ?? 'department', undefined, areas)
  }

  #division(decision: Decision): Change | null {
    const agency = this.#agency()
    const lines = this.#typed.parts
      .split('\n')
      .map(line)
      .filter((text) => text !== '')
    const keeps = this.#typed.keeps !== ''
    if (lines.length + Number(keeps) < 2) this.#faults.parts = 'parts.few'
    else if (lines.length > PARTS_MAX) this.#faults.parts = 'parts.many'
    if (agency === null) return null
    const parts = lines.map((text) => {
      const [nameVi = '', nameEn = ''] = text.split('|').map(line)
      return this.#named('parts', nameVi, nameEn, { ...bare(agency), abbreviation: null })
    })
    const named = parts.filter((part) => part !== null)
    return division(agency.id, keeps ? [bare(agency), ...named] : named, decision)
  }

  #agency(): AgencyVersion | null {
    const found = this.#known.get(this.#typed.agency)
    if (found === undefined) this.#faults.form = 'agency.unknown'
    return found ?? null
  }

  #agencyKind(): AgencyKind | undefined {
    const kind = AGENCY_KINDS.find((one) => one === this.#typed.agencyKind)
    if (kind === undefined) this.#faults.agencyKind = 'agencyKind.empty'
    return kind
  }

  #newAgency(kind: AgencyKind, was?: AgencyVersion, areas: readonly string[] = []): Agency | null {
    const { nameVi, nameEn, abbreviation } = this.#typed
    const short = line(abbreviation)
    if (short.length > 12) this.#faults.abbreviation = 'abbreviation.too_long'
    const like = was ? bare(was) : { id: '', kind, areas }
    const named = this.#named(
      'nameVi',
      line(nameVi),
      was ? renamedEnglish(was, line(nameVi), line(nameEn)) : line(nameEn),
      { ...like, abbreviation: short === '' ? null : short },
    )
    const same =
      was?.nameVi === named?.nameVi &&
      was?.nameEn === named?.nameEn &&
      was?.abbreviation === named?.abbreviation
    if (was && same) this.#faults.nameVi = 'name.same'
    return named
  }

  /** Returns an agency under a name that no other open agency has; null after noting a fault. Makes its id if it has none. */
  #named(
    field: string,
    nameVi: string,
    nameEn: string,
    like: Pick<Agency, 'id' | 'kind' | 'areas' | 'abbreviation'>,
  ): Agency | null {
    const isNew = field === 'parts' || like.id === ''
    const folded = foldDiacritics(nameVi)
    const same =
      this.#names.has(folded) ||
      openOn(this.#catalogue, '9999-12-31').some(
        (one) => foldDiacritics(one.nameVi) === folded && (isNew || one.id !== like.id),
      )
    if (nameVi === '') this.#faults[field] = 'name.empty'
    else if (nameVi.length > NAME_MAX || nameEn.length > NAME_MAX) this.#faults[field] = 'name.too_long'
    else if (same) this.#faults[field] = 'name.taken'
    if (this.#faults[field] !== undefined) return null
    const english = nameEn === '' || nameEn === nameVi ? englishName(nameVi) : nameEn
    // The rule translates only names of places. Any other English name must be typed.
    if (english === nameVi) {
      if (field === 'parts') this.#faults.parts = 'parts.english'
      else this.#faults.nameEn = 'nameEn.empty'
      return null
    }
    const id = isNew ? idFor(nameVi, this.#taken) : like.id
    this.#taken.add(id)
    this.#names.add(folded)
    return { ...like, id, nameVi, nameEn: english }
  }
}

/** Returns a renamed agency's English name; '' where the Vietnamese name alone changed, so that it is made again. */
function renamedEnglish(was: AgencyVersion, nameVi: string, typed: string): string {
  if (nameVi === was.nameVi) return typed === '' ? was.nameEn : typed
  return typed === was.nameEn && englishName(nameVi) !== nameVi ? '' : typed
}

const bare = ({ id, nameVi, nameEn, kind, abbreviation, areas }: Agency): Agency => ({
  id,
  nameVi,
  nameEn,
  kind,
  abbreviation,
  areas,
})
