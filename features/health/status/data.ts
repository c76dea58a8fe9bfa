import '#server-only'
import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { env } from '#platform/env.ts'
import { sharedReadiness } from '../data.ts'
import { followStatus, STATUS_PARTS, type Status, statesOf } from './rules.ts'

const STANDING = z.object({ state: z.enum(['works', 'limited', 'away']), since: z.iso.datetime() })
const KEPT = z.record(z.enum(STATUS_PARTS), STANDING)

// Global, because the page and the server's own timer are in different bundles.
const shared = globalThis as { antamStatus?: Status }

/** Returns the status file. It is not in the database, so that it can be read when that is away, and after a restart. */
const file = (): string => join(env().DATA_DIR, 'status.json')

function lastStatus(): Status | null {
  if (shared.antamStatus) return shared.antamStatus
  try {
    return KEPT.parse(JSON.parse(readFileSync(file(), 'utf8')))
  } catch {
    return null
  }
}

/** Checks every part and stores since when it has its state. Works without the database. */
export async function readStatus(now: Date): Promise<Status> {
  const before = lastStatus()
  const status = followStatus(before, statesOf(await sharedReadiness()), now)
  const changed = STATUS_PARTS.some((part) => status[part].since !== before?.[part].since)
  shared.antamStatus = status
  if (changed) await keep(status).catch(() => {})
  return status
}

async function keep(status: Status): Promise<void> {
  const whole = `${file()}.${process.pid}`
  await writeFile(whole, JSON.stringify(status), { mode: 0o600 })
  await rename(whole, file())
}

/** Milliseconds between the server's own checks, so that "since" is right even if nobody opens the page. */
const EVERY = 30_000

export function watchStatus(): void {
  setInterval(() => void readStatus(new Date()).catch(() => {}), EVERY).unref()
}
