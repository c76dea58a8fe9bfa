import { z } from 'zod'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { checkCharacter, isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { parseEmail } from '#lib/person/email.ts'
import { parseMobile } from '#lib/person/phone-number.ts'
import { cellText, isRounded, readSheet } from '#lib/sheet.ts'

/** A finished case as a list has it: no name, and nothing of what it was about but its procedure. */
export interface ListedCase {
  /** The procedure's code; empty where the list names none. */
  readonly procedure: string
  /** Null where none is known: the invitation is printed. */
  readonly contact: Contact | null
  /** Holds the counter's own reference of the case; it stands beside a printed invitation, for handing it out. */
  readonly reference: string
}

const CASE_FAULTS = ['procedure', 'contact', 'rounded', 'reference'] as const
type CaseFault = (typeof CASE_FAULTS)[number]

/** A row that cannot be taken, by its line as a spreadsheet counts it. */
export interface FaultyCase {
  readonly line: number
  readonly fault: CaseFault
}

export const MAX_CASES = 20_000
/** A smaller list would tell too much of those who are drawn. */
export const FEWEST_CASES = 30
/** More say hardly more: of any number of cases 400 give a share to five points. */
export const MOST_DRAWN = 1_000
/** An answer is taken for so long after the draw; the reminder goes out on a day in between. */
export const ANSWER_DAYS = 30
export const REMINDER_DAYS = 10
/** A list that nobody draws is deleted after so long. */
export const LIST_DAYS = 8

const FIELDS = ['procedure', 'contact', 'reference'] as const
type CaseField = (typeof FIELDS)[number]
const COLUMN_NAMES: Readonly<Record<string, CaseField>> = {
  procedure: 'procedure',
  thutuc: 'procedure',
  mathutuc: 'procedure',
  contact: 'contact',
  lienhe: 'contact',
  dienthoai: 'contact',
  email: 'contact',
  reference: 'reference',
  mahoso: 'reference',
}

/** The body in which the city's one-stop system lists an agency's finished cases. */
export const casesSchema = z
  .object({
    id: z.uuid().describe('what the list is called by its sender; the same again is the same list'),
    agency: z.string().max(60).describe('its id, as in `/api/v1/results`'),
    month: z.string().max(10).describe('in which they were finished: `2026-11`'),
    source: z.string().trim().min(1).max(120).describe('who lists them; public'),
    cases: z
      .array(
        z.object({
          procedure: z.string().max(60).default('').describe('the procedure’s code'),
          contact: z
            .string()
            .max(254)
            .default('')
            .describe('an e-mail address or a mobile number; none: the invitation is printed'),
          reference: z
            .string()
            .max(40)
            .default('')
            .describe('stands beside a printed invitation, for handing it out'),
        }),
      )
      .min(1)
      .max(MAX_CASES),
  })
  .meta({ id: 'FinishedCases' })

/** Reads one row, as it is typed or sent; the fault is the first that is found. */
export function readCase(typed: Readonly<Record<CaseField, string>>): ListedCase | CaseFault {
  const [procedure, written, reference] = FIELDS.map((field) => cellText(typed[field])) as [
    string,
    string,
    string,
  ]
  if (!/^[\p{L}\p{N}.\-/]{0,60}$/u.test(procedure)) return 'procedure'
  if (isRounded(written)) return 'rounded'
  if (!/^[\p{L}\p{N}.\-/ ]{0,40}$/u.test(reference)) return 'reference'
  if (written === '') return { procedure, contact: null, reference }
  const kind = written.includes('@') ? 'email' : 'phone'
  // A sheet drops the zero with which a number begins.
  const number = /^[35789]\d{8}$/.test(written) ? `0${written}` : written
  const value = kind === 'email' ? parseEmail(written) : parseMobile(number)
  return value.ok ? { procedure, contact: { kind, value: value.value }, reference } : 'contact'
}

/** Returns the cases of a table and the faults of rows that cannot be taken; null where it has no such columns. */
export function readCaseTable(table: readonly (readonly string[])[]) {
  const rows = readSheet(table, FIELDS, COLUMN_NAMES, 'contact', () => false)
  return rows && tellCases(rows.map(({ line, typed }) => ({ line, read: readCase(typed) })))
}

/** Tells the rows that can be taken from those that cannot. */
export function tellCases(rows: readonly { readonly line: number; readonly read: ListedCase | CaseFault }[]) {
  const faults = rows.flatMap(({ line, read }) => (typeof read === 'string' ? [{ line, fault: read }] : []))
  return { cases: rows.flatMap(({ read }) => (typeof read === 'string' ? [] : [read])), faults }
}

/**
 * Returns how many of some cases are to be drawn, for a share within five points: n = N / (1 + N·0.05²), as the city's own index of
 * satisfaction draws (T. Yamane, "Statistics", 1967).
 */
export const sizeFor = (cases: number): number => Math.ceil(cases / (1 + cases * 0.05 ** 2))

/** Shares a sample among strata in proportion to their cases, by largest remainders. */
export function allocate(cases: ReadonlyMap<string, number>, size: number): Map<string, number> {
  const all = [...cases.values()].reduce((sum, some) => sum + some, 0)
  const wanted = Math.min(size, all)
  const exact = [...cases].map(([key, some]) => ({ key, part: (wanted * some) / all }))
  const shares = new Map(exact.map(({ key, part }) => [key, Math.floor(part)]))
  const left = wanted - [...shares.values()].reduce((sum, some) => sum + some, 0)
  const rest = exact.toSorted((a, b) => (b.part % 1) - (a.part % 1) || (a.key < b.key ? -1 : 1))
  for (const { key } of rest.slice(0, left)) shares.set(key, (shares.get(key) ?? 0) + 1)
  return shares
}

/**
 * Draws cases at random, so many of each stratum. A contact is invited once, however many of its cases are listed: its others are
 * passed over for the next of their stratum.
 *
 * @param places as many random numbers as there are cases: their order is the order of the draw
 */
export function drawCases<C extends { readonly procedure: string; readonly contact: Contact | null }>(
  cases: readonly C[],
  size: number,
  places: readonly number[],
): C[] {
  const strata = Map.groupBy(
    cases.map((one, at) => ({ one, place: places[at] ?? 0 })).toSorted((a, b) => a.place - b.place),
    ({ one }) => one.procedure,
  )
  const shares = allocate(new Map([...strata].map(([key, some]) => [key, some.length])), size)
  const invited = new Set<string>()
  return [...strata].flatMap(([key, some]) => {
    const drawn: C[] = []
    for (const { one } of some) {
      if (drawn.length === shares.get(key)) break
      if (one.contact !== null && invited.has(one.contact.value)) continue
      if (one.contact !== null) invited.add(one.contact.value)
      drawn.push(one)
    }
    return drawn
  })
}

/** Sixteen characters: 75 random bits and a check character, which tells a link that was cut or copied wrongly from one that is over. */
const TOKEN_LENGTH = 15

export function newToken(random: Random): string {
  const body = randomCharacters(random, TOKEN_LENGTH)
  return `${body}${checkCharacter(body)}`
}

/** Reads the token of a link as people copy it; null where it is none, or is not whole. */
export function readToken(typed: string): string | null {
  const code = readCharacters(typed.slice(0, 60))
  if (!isCrockford(code, TOKEN_LENGTH + 1)) return null
  return checkCharacter(code.slice(0, TOKEN_LENGTH)) === code.at(-1) ? code : null
}

/** The parameter of the rating form's address, and the form's field, that has the token of an invitation. */
export const INVITATION_PARAMETER = 'moi'

/**
 * `open`: it takes an answer. `spent`: it has taken one. `over`: its month is over, and with it everything that is known of it.
 * `broken`: the link was cut or copied wrongly.
 */
export type InvitationStanding = 'open' | 'spent' | 'over' | 'broken'

/** The content of a request for a second person: which list, and how many of it are invited. */
export const drawRequest = z.object({
  drawId: z.uuid(),
  agencyId: z.string(),
  month: z.string(),
  cases: z.int(),
  size: z.int(),
})
export const drawSubject = (drawId: string): string => `draw:${drawId}`
