import { DAY } from '#lib/time.ts'

export interface Holiday {
  /** The day off itself, `YYYY-MM-DD`. */
  readonly date: string
  readonly name:
    | 'new_year'
    | 'tet'
    | 'hung_kings'
    | 'reunification'
    | 'labour'
    | 'national'
    | 'culture'
    /** A working day given off, worked on a Saturday instead, by the year's announcement. */
    | 'exchanged'
  /**
   * `law`: the date follows from the law and the calendar alone. `announced`: one of the choices that the law
   * leaves to the Government, as announced. `assumed`: not announced or not confirmed when this was written;
   * check it against the announcement, usually published by December of the year before.
   */
  readonly basis: 'law' | 'announced' | 'assumed'
}

/** So many days ahead the holidays have to be known: the longest clock that counts working days, and Tết beside it. */
export const KNOWN_DAYS_AHEAD = 120

/**
 * Returns how many days from today on the holidays are known of: up to the first that is only assumed, or to the end of the
 * last year, with no year left out, that has its Tết.
 *
 * @param today `YYYY-MM-DD`, in the city
 */
export function daysKnownAhead(
  rows: readonly { readonly date: string; readonly name: string; readonly basis: string }[],
  today: string,
): number {
  let year = Number(today.slice(0, 4))
  while (rows.some(({ date, name }) => name === 'tet' && date.startsWith(`${year}-`))) year++
  const assumed = rows
    .filter(({ date, basis }) => basis === 'assumed' && date >= today)
    .map(({ date }) => date)
  const [first = today] = [`${year}-01-01`, ...assumed].toSorted()
  return Math.max(0, Math.round((Date.parse(first) - Date.parse(today)) / DAY))
}

/**
 * The days on which the city's offices are closed from Monday to Friday, and holidays on weekends for
 * completeness. Bộ luật Lao động 45/2019/QH14, Điều 112: 1 January; five days of Tết; 30 April; 1 May;
 * 2 September and the day before or after; 10th of the 3rd lunar month. Điều 111 khoản 3: a holiday on a
 * weekend is made up on the next working day. Điều 112 khoản 3: the Prime Minister fixes Tết and 2 September
 * each year. These rows seed the table in the database, where an administrator corrects them (docs/operations/reference-data.md, Holidays).
 */
export const HOLIDAYS: readonly Holiday[] = [
  { date: '2026-01-01', name: 'new_year', basis: 'law' },
  // Worked on Saturday 10 January.
  { date: '2026-01-02', name: 'exchanged', basis: 'announced' },
  // The year of the Horse begins on 17 February: one day before it, four from it.
  { date: '2026-02-16', name: 'tet', basis: 'announced' },
  { date: '2026-02-17', name: 'tet', basis: 'announced' },
  { date: '2026-02-18', name: 'tet', basis: 'announced' },
  { date: '2026-02-19', name: 'tet', basis: 'announced' },
  { date: '2026-02-20', name: 'tet', basis: 'announced' },
  // A Sunday, made up on the Monday.
  { date: '2026-04-26', name: 'hung_kings', basis: 'law' },
  { date: '2026-04-27', name: 'hung_kings', basis: 'law' },
  { date: '2026-04-30', name: 'reunification', basis: 'law' },
  { date: '2026-05-01', name: 'labour', basis: 'law' },
  // Worked on Saturday 22 August.
  { date: '2026-08-31', name: 'exchanged', basis: 'announced' },
  { date: '2026-09-01', name: 'national', basis: 'announced' },
  { date: '2026-09-02', name: 'national', basis: 'law' },
  // Ngày Văn hóa Việt Nam, paid leave by Nghị quyết 80-NQ/TW of 7/1/2026; the amendment of Điều 112 that
  // makes it law was in preparation by Nghị quyết 30/NQ-CP and is not confirmed here.
  { date: '2026-11-24', name: 'culture', basis: 'assumed' },

  { date: '2027-01-01', name: 'new_year', basis: 'law' },
  // The year of the Goat begins on Saturday 6 February. Assumed as in 2024, when it also was a Saturday: two
  // days before it, three from it, the weekend made up on 9 and 10 February.
  { date: '2027-02-04', name: 'tet', basis: 'assumed' },
  { date: '2027-02-05', name: 'tet', basis: 'assumed' },
  { date: '2027-02-06', name: 'tet', basis: 'law' },
  { date: '2027-02-07', name: 'tet', basis: 'law' },
  { date: '2027-02-08', name: 'tet', basis: 'law' },
  { date: '2027-02-09', name: 'tet', basis: 'assumed' },
  { date: '2027-02-10', name: 'tet', basis: 'assumed' },
  { date: '2027-04-16', name: 'hung_kings', basis: 'law' },
  { date: '2027-04-30', name: 'reunification', basis: 'law' },
  // A Saturday, made up on the Monday.
  { date: '2027-05-01', name: 'labour', basis: 'law' },
  { date: '2027-05-03', name: 'labour', basis: 'law' },
  // 2 September is a Thursday: assumed with the Friday, as in 2021.
  { date: '2027-09-02', name: 'national', basis: 'law' },
  { date: '2027-09-03', name: 'national', basis: 'assumed' },
  { date: '2027-11-24', name: 'culture', basis: 'assumed' },
]
