import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Secret, TOTP } from 'otpauth'
import type { DemoAccount } from './demo-account.ts'

const PERIOD = 30_000
const stepNow = () => Math.floor(Date.now() / PERIOD)

export const codeOf = (secret: string, timestamp = Date.now()): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp })

/**
 * The time in which a test should send its claimed code, before another test may claim the next one. Sending a
 * later code invalidates the earlier ones.
 */
const HEAD_START = 5_000

/**
 * Returns a code of an account that no worker and no test has used yet. A code counts once, and using it
 * invalidates all earlier ones. So each time step is claimed with a file: the present step, the next one (which
 * the server's skew allows), or a later one after a wait.
 */
export async function freshCode(dataDir: string, { email, totpSecret = '' }: DemoAccount): Promise<string> {
  const claims = join(dataDir, 'e2e-codes', email)
  mkdirSync(claims, { recursive: true })
  for (;;) {
    const last = Math.max(-1, ...readdirSync(claims).map(Number))
    const step = Math.max(stepNow(), last + 1)
    const claimed = last < 0 ? 0 : statSync(join(claims, String(last))).mtimeMs
    if (Date.now() - claimed < HEAD_START) {
      await sleep(500)
      continue
    }
    if (step > stepNow() + 1) {
      await sleep(PERIOD - (Date.now() % PERIOD) + 50)
      continue
    }
    try {
      writeFileSync(join(claims, String(step)), '', { flag: 'wx' })
    } catch {
      continue
    }
    return codeOf(totpSecret, step * PERIOD)
  }
}
