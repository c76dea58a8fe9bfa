import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshCode } from './codes.ts'
import type { DemoAccount } from './demo-account.ts'
import { Visitor } from './forms/visitor.ts'

interface Entering {
  readonly fields?: Readonly<Record<string, string>>
  /** Cookies that another person has planted in the browser. */
  readonly planted?: ReadonlyMap<string, string>
  readonly userAgent?: string | undefined
  /** The page to which the sign-in must redirect. */
  readonly leadsTo?: string
}

/** Signs a person in by the form, like a browser without JavaScript. */
export async function enter(
  site: string,
  dataDir: string,
  who: DemoAccount,
  { fields = {}, planted = new Map(), userAgent, leadsTo = '/quan-tri' }: Entering = {},
): Promise<Visitor> {
  for (let tries = 0; tries < 3; tries++) {
    const visitor = new Visitor(site, userAgent)
    const { email, password } = who
    const page = await visitor.open('/dang-nhap')
    const otp = await freshCode(dataDir, who)
    for (const [name, value] of planted) visitor.cookies.set(name, value)
    const answer = await visitor.submit(page, 'name="password"', { email, password, otp, ...fields })
    if (answer.headers.get('location') === leadsTo) return visitor
    // Another test has used a later code first.
  }
  throw new Error(`${who.email} could not sign in`)
}

/**
 * Returns the cookies of a person's session, which all tests of a run share, because signing in takes a code,
 * and there are only two a minute. A session that has ended is replaced.
 */
export async function sharedSession(
  site: string,
  dataDir: string,
  who: DemoAccount,
): Promise<ReadonlyMap<string, string>> {
  const file = join(dataDir, `e2e-session-${who.email}.json`)
  const lock = `${file}.lock`
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      await sleep(50)
    }
  }
  try {
    const kept = keptIn(file)
    const visitor = new Visitor(site)
    for (const [name, value] of kept) visitor.cookies.set(name, value)
    if (kept.length > 0 && (await visitor.open('/quan-tri')).path.startsWith('/quan-tri'))
      return visitor.cookies
    const { cookies } = await enter(site, dataDir, who)
    writeFileSync(file, JSON.stringify([...cookies]))
    return cookies
  } finally {
    rmdirSync(lock)
  }
}

function keptIn(file: string): [string, string][] {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return []
  }
}
