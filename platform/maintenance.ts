import '#server-only'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Current maintenance: while its file exists, the site answers with a page about it. */
interface Maintenance {
  readonly since: Date
  /** The planned end; null if unknown. */
  readonly until: Date | null
}

const CONTENT = z.object({ until: z.iso.datetime().nullish() })

/** Returns the path of the file that turns maintenance on for this machine; `npm run maintenance` writes it. */
export const maintenanceFile = (): string => join(process.env.DATA_DIR || '.data', 'maintenance')

/** Milliseconds that the result is cached, because every request checks it. */
const FRESH = 1_000
// One per process: each of Next's bundles contains this module.
const shared = globalThis as {
  antamMaintenance?: { readonly at: number; readonly found: Maintenance | null }
}

/** Returns the current maintenance, or null. An unreadable file counts too, as maintenance without an end. */
export function currentMaintenance(): Maintenance | null {
  const last = shared.antamMaintenance
  if (last && performance.now() - last.at < FRESH) return last.found
  const found = look()
  shared.antamMaintenance = { at: performance.now(), found }
  return found
}

/** Clears the cache, for the program that has just written the file. */
export const lookAgainForMaintenance = (): void => {
  delete shared.antamMaintenance
}

function look(): Maintenance | null {
  try {
    const since = statSync(maintenanceFile()).mtime
    return { since, until: readUntil() }
  } catch {
    return null
  }
}

function readUntil(): Date | null {
  try {
    const { until } = CONTENT.parse(JSON.parse(readFileSync(maintenanceFile(), 'utf8')))
    return until ? new Date(until) : null
  } catch {
    return null
  }
}
