/**
 * `npm run maintenance -- on [--until TIME] | off`: puts the page of maintenance up on this machine, or takes it down. TIME is
 * HH:MM of the city's clock, within the next 24 hours, or an ISO time. Without words it says how it stands. People read the page in
 * words with 503, `/trang-thai` and health answer, workers go on (docs/operations/maintenance.md). Exit code 2: usage.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { addMilliseconds, DAY, fromLocal, localDate } from '#lib/time.ts'
import { currentMaintenance, lookAgainForMaintenance, maintenanceFile } from '#platform/maintenance.ts'

const USAGE = 'usage: npm run maintenance [-- on [--until HH:MM|ISO-TIME] | off]'

/** Reads a time that lies ahead; null where it is none. */
function readTime(text: string, now: Date): Date | null {
  const [, hour, minute] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? []
  if (hour === undefined) {
    const at = new Date(text)
    return at > now ? at : null
  }
  const [year = 0, month = 0, day = 0] = localDate(now).split('-').map(Number)
  const today = fromLocal(year, month, day, Number(hour), Number(minute))
  return today && (today > now ? today : addMilliseconds(today, DAY))
}

function say(): void {
  lookAgainForMaintenance()
  const found = currentMaintenance()
  if (found === null) console.log('There is no maintenance: the site answers.')
  else
    console.log(
      `Maintenance since ${found.since.toISOString()}${found.until ? `, until ${found.until.toISOString()}` : ''}: people read a page in words.`,
    )
}

function maintain(): number {
  const { values, positionals } = parseArgs({
    options: { until: { type: 'string' } },
    allowPositionals: true,
  })
  const [what, ...more] = positionals
  const until = values.until === undefined ? null : readTime(values.until, new Date())
  const wrong = more.length > 0 || (values.until !== undefined && (what !== 'on' || until === null))
  if (wrong || (what !== undefined && what !== 'on' && what !== 'off')) throw new Error(USAGE)
  if (what === 'on') {
    mkdirSync(dirname(maintenanceFile()), { recursive: true })
    writeFileSync(maintenanceFile(), `${JSON.stringify({ until: until?.toISOString() ?? null })}\n`, {
      mode: 0o644,
    })
  }
  if (what === 'off') rmSync(maintenanceFile(), { force: true })
  say()
  return 0
}

try {
  process.exitCode = maintain()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 2
}
