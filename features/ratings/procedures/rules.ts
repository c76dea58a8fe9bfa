import { CITY } from '#cities/city.ts'
import { type AgencyKind, groupOf } from '#features/agencies/rules.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'

/** The procedures that a rating can name: field, level, name, and the code if it was verified. */
export const PROCEDURES = CITY.procedures.procedures
type Procedure = (typeof PROCEDURES)[number]

const byId = new Map(PROCEDURES.map((one) => [one.id, one]))

/** Returns the procedure of an id; undefined if the catalogue has none. The id is the code if that was verified. */
export const findProcedure = (id: string): Procedure | undefined => byId.get(id)

/** Returns the procedures of an agency by its kind: departments have those of the province, all others the rest. */
export const proceduresOf = (kind: AgencyKind): readonly Procedure[] =>
  PROCEDURES.filter(({ level }) => (level === 'province') === (groupOf(kind) === 'departments'))

const fold = (text: string): string =>
  foldDiacritics(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const searched = PROCEDURES.map(({ id, vi, en }) => ({ id, names: [fold(vi), fold(en)] }))

/** Returns the id of the procedure that a text names by code, by name, or by words of one name only; otherwise null. */
export function readProcedure(text: string): string | null {
  const code = /\d\.\d{6}/.exec(text)?.[0]
  if (code !== undefined && byId.has(code)) return code
  const typed = fold(text.slice(0, 400))
  if (typed === '') return null
  const named = searched.find(({ names }) => names.includes(typed))
  if (named !== undefined) return named.id
  const words = typed.split(' ')
  if (words.length < 2) return null
  const found = searched.filter(({ names }) =>
    names.some((name) => words.every((word) => ` ${name} `.includes(` ${word} `))),
  )
  return found.length === 1 ? (found[0]?.id ?? null) : null
}
