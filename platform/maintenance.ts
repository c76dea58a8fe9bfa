import '#server-only'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Maintenance that goes on: while its file is there, the site answers a page in words. */
interface Maintenance {
  readonly since: Date
  /** When it is meant to end; null where nobody said so. */
  readonly until: Date | null
}

const CONTENT = z.object({ until: z.iso.datetime().nullish() })

/** Returns the file that puts the page of maintenance up, on this machine; `npm run maintenance` writes it. */
export const maintenanceFile = (): string => join(process.env.DATA_DIR || '.data', 'maintenance')

/** Milliseconds after which it is looked for again: every request asks. */
const FRESH = 1_000
// One for the process: each of Next's bundles has this module.
const shared = globalThis as {
  antamMaintenance?: { readonly at: number; readonly found: Maintenance | null }
}

/** Returns the maintenance that goes on, or null. A file that nobody can read as ours counts too, as one without an end. */
export function currentMaintenance(): Maintenance | null {
  const last = shared.antamMaintenance
  if (last && performance.now() - last.at < FRESH) return last.found
  const found = look()
  shared.antamMaintenance = { at: performance.now(), found }
  return found
}

/** Forgets what was found, for the program that has just written the file. */
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
