import { join } from 'node:path'
import { type Run, run } from './run.ts'

/** Moments around the ends of days, months and years. The city is seven hours ahead of UTC, so each zone has its own. */
export const MOMENTS: Readonly<Record<string, string>> = {
  'the last hour of a month in the city': '2027-03-31T16:30:00Z',
  'the first hour of a month in the city': '2027-04-30T17:30:00Z',
  'the last hour of a month in UTC': '2027-07-31T23:30:00Z',
  'the first hour of a month in UTC': '2027-09-01T00:30:00Z',
  'the last hour of a year in the city': '2026-12-31T16:30:00Z',
  'the first hour of a year in the city': '2026-12-31T17:30:00Z',
  'the last hour of a year in UTC': '2027-12-31T23:30:00Z',
  'the first hour of a year in UTC': '2028-01-01T00:30:00Z',
  '29 February': '2028-02-29T05:00:00Z',
  'the eve of Tết': '2027-02-05T03:00:00Z',
  'the middle of Tết': '2027-02-08T03:00:00Z',
  'a Sunday in a year without a table of holidays': '2030-06-09T05:00:00Z',
}

/** Without a database: code with rules or texts. Guards over the source, and commands, read no clock. */
const UNIT = ['lib/', 'features/', 'messages/', 'components/', 'app/']

/**
 * With PostgreSQL: tests that depend on days, months, working hours or holidays, as files or folders. Tests left out use
 * the time only to record it or to count seconds. One moment takes them all (`DATED`).
 */
const DATABASE = [
  'http/described-answers.test.ts',
  'app/api/',
  'features/accounts/absences/acts.test.ts',
  'features/approvals/acts.test.ts',
  'features/kiosks/acts.test.ts',
  'features/cases/clocks/acts.test.ts',
  'features/cases/moves/hold-acts.test.ts',
  'features/cases/work/acts.test.ts',
  'features/cases/board/page-data.test.ts',
  'features/cases/queue/page-data.test.ts',
  'features/city-report/jobs.test.ts',
  'features/exchange/letters/acts.test.ts',
  'features/exchange/releases/acts.test.ts',
  'features/exchange/flags/jobs.test.ts',
  'features/exchange/carriers/data.test.ts',
  'features/lookup-tables/',
  'features/privacy/',
  'features/ratings/',
  'features/results/',
  'features/tasks/',
]

/** All that can keep a fixed date beside the running clock. Years ahead, such a test fails before its day comes. */
const DATED = ['app/', 'features/', 'http/', 'tools/']
const YEARS_AHEAD = 'a Sunday in a year without a table of holidays'

interface OfProject extends Run {
  readonly report: string
}
export interface AtMoment {
  readonly moment: string
  readonly projects: readonly OfProject[]
}

/**
 * Runs the tests that read a clock, at one moment after another. Every process sees the shifted clock, PostgreSQL too;
 * time passes at normal speed.
 *
 * @param library - the path of libfaketime
 */
export async function* atEachMoment(library: string, reports: string): AsyncGenerator<AtMoment> {
  for (const [at, [moment, iso]] of Object.entries(MOMENTS).entries()) {
    const seconds = Math.round((Date.parse(iso) - Date.now()) / 1000)
    const env = {
      LD_PRELOAD: library,
      // An offset, because with a fixed time each process would start at that time again.
      FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}s`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    const ofProject = async (project: string, files: readonly string[]): Promise<OfProject> => {
      const report = join(reports, `moment-${at + 1}-${project}.json`)
      const written = ['--reporter', 'dot', '--reporter', 'json', '--outputFile', report]
      return {
        report,
        ...(await run('vitest', ['run', '--project', `${project}*`, ...written, ...files], env)),
      }
    }
    const onDatabase = moment === YEARS_AHEAD ? DATED : DATABASE
    const projects = await Promise.all([ofProject('unit', UNIT), ofProject('database', onDatabase)])
    yield { moment, projects }
  }
}
