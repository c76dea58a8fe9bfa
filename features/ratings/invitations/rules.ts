import { z } from 'zod'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { checkCharacter, isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { parseEmail } from '#lib/person/email.ts'
import { parseMobile } from '#lib/person/phone-number.ts'
import { cellText, isRounded, readSheet } from '#lib/sheet.ts'

/** A finished case on a list: without a name, and with nothing about its content but the procedure. */
export interface ListedCase {
  /** The procedure's code; empty if the list names none. */
  readonly procedure: string
  /** Null if none is known; then the invitation is printed. */
  readonly contact: Contact | null
  /** The counter's own reference of the case, printed beside the invitation so that it can be handed out. */
  readonly reference: string
}

type CaseFault = 'procedure' | 'contact' | 'rounded' | 'reference'

export interface FaultyCase {
  readonly line: number
  readonly fault: CaseFault
}

export const MAX_CASES = 20_000
/** A smaller list would reveal too much about the people drawn. */
export const FEWEST_CASES = 30
/** More add little precision: for any number of cases, 400 answers give a share within five points. */
export const MOST_DRAWN = 1_000
/** Days after the draw on which answers end, and on which the reminder is sent. */
export const ANSWER_DAYS = 30
export const REMINDER_DAYS = 10
/** Days after which a list is deleted if nobody was drawn from it. */
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

/** The body with which the city's one-stop system sends an agency's finished cases. */
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
  // Spreadsheets drop the leading zero of a number.
  const number = /^[35789]\d{8}$/.test(written) ? `0${written}` : written
  const value = kind === 'email' ? parseEmail(written) : parseMobile(number)
  return value.ok ? { procedure, contact: { kind, value: value.value }, reference } : 'contact'
}

export function readCaseTable(table: readonly (readonly string[])[]) {
  const rows = readSheet(table, FIELDS, COLUMN_NAMES, 'contact', () => false)
  return rows && tellCases(rows.map(({ line, typed }) => ({ line, read: readCase(typed) })))
}

export function tellCases(rows: readonly { readonly line: number; readonly read: ListedCase | CaseFault }[]) {
  const faults = rows.flatMap(({ line, read }) => (typeof read === 'string' ? [{ line, fault: read }] : []))
  return { cases: rows.flatMap(({ read }) => (typeof read === 'string' ? [] : [read])), faults }
}

/** Returns the sample size for five points, as in the city's own index: n = N / (1 + N·0.05²) (T. Yamane, "Statistics", 1967). */
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

/** Draws the allocated number of cases from each stratum, in the order of `places` (random numbers). A contact is drawn once. */
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

/** 15 characters are 75 random bits. A check character follows, which distinguishes a wrongly copied link from an expired one. */
const TOKEN_LENGTH = 15

export function newToken(random: Random): string {
  const body = randomCharacters(random, TOKEN_LENGTH)
  return `${body}${checkCharacter(body)}`
}

/** Reads the token of a link as people copy it; null if it is malformed or incomplete. */
export function readToken(typed: string): string | null {
  const code = readCharacters(typed.slice(0, 60))
  if (!isCrockford(code, TOKEN_LENGTH + 1)) return null
  return checkCharacter(code.slice(0, TOKEN_LENGTH)) === code.at(-1) ? code : null
}

/** The query parameter, and the form field, for the token of an invitation. */
export const INVITATION_PARAMETER = 'moi'

/** `spent`: has taken an answer. `over`: its time is over, and its data deleted. `broken`: the link was cut or copied wrongly. */
export type InvitationStanding = 'open' | 'spent' | 'over' | 'broken'

/** The request that a second person approves: which list, and how many people are invited. */
export const drawRequest = z.object({
  drawId: z.uuid(),
  agencyId: z.string(),
  month: z.string(),
  cases: z.int(),
  size: z.int(),
})
export const drawSubject = (drawId: string): string => `draw:${drawId}`
