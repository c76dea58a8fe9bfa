/**
 * `npm run maintenance -- on [--until TIME] | off`: puts up the maintenance page on this machine, or takes it down. TIME
 * is HH:MM in the city's time zone, within the next 24 hours, or an ISO time. Without arguments it prints the current
 * state. Visitors get the page with status 503; `/trang-thai` and health still answer, and workers keep running
 * (docs/operations/maintenance.md). Exit code 2: usage.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { addMilliseconds, DAY, fromLocal, localDate } from '#lib/time.ts'
import { currentMaintenance, lookAgainForMaintenance, maintenanceFile } from '#platform/maintenance.ts'
import { endWithUsage, readArguments } from './arguments.ts'

const USAGE = 'usage: npm run maintenance [-- on [--until HH:MM|ISO-TIME] | off]'

/** Parses a time in the future; null if it is none. */
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

function maintain(): void {
  const { values, positionals } = readArguments(USAGE, {
    options: { until: { type: 'string' } },
    allowPositionals: true,
  })
  const [what, ...more] = positionals
  const until = values.until === undefined ? null : readTime(values.until, new Date())
  const wrong = more.length > 0 || (values.until !== undefined && (what !== 'on' || until === null))
  if (wrong || (what !== undefined && what !== 'on' && what !== 'off')) endWithUsage(USAGE)
  if (what === 'on') {
    mkdirSync(dirname(maintenanceFile()), { recursive: true })
    writeFileSync(maintenanceFile(), `${JSON.stringify({ until: until?.toISOString() ?? null })}\n`, {
      mode: 0o644,
    })
  }
  if (what === 'off') rmSync(maintenanceFile(), { force: true })
  say()
}

maintain()
