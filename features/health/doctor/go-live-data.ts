import '#server-only'
import { Resolver } from 'node:dns/promises'
import { KNOWN_DAYS_AHEAD } from '#features/cases/clocks/holidays-rules.ts'
import { listLastUpkeep } from '#features/installation/data.ts'
import { holidaysAhead } from '#features/lookup-tables/data.ts'
import { listZaloTexts } from '#features/notices/data.ts'
import { HOUR, type Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { approvedTemplates } from '#platform/zalo.ts'
import type { Fact, GoLiveName } from './rules.ts'

// What a program can check before people come. For the rest, with order, owner and days: docs/operations/go-live.md.

const DOCUMENT = 'docs/operations/go-live.md'
const need = (name: GoLiveName, met: boolean, value: string, state: 'red' | 'look' = 'red'): Fact =>
  met ? { name, state: 'ok', value } : { name, state, value, see: DOCUMENT }
/** Lists the first five names, and the total. */
const few = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} … (${names.length})` : names.join(', ') || '0'

/** Checks what an installation needs before people come. A unit without an address, or only one admin, is red. */
export async function examineForGoLive(now: Instant, lookup: Lookup = askDns): Promise<readonly Fact[]> {
  const [people, units, carriers, backup, ahead, records] = await Promise.all([
    countPeople(now),
    unitsWithoutPlace(),
    carriersNotReady(),
    listLastUpkeep().then((all) => all.find(({ kind }) => kind === 'backup')),
    holidaysAhead(now),
    ofMailDomain(lookup),
  ])
  const { PUBLIC_URL, SMTP_URL, OUTBOX, ALERT_MAIL, MAIL_BOUNCE, SECURITY_CONTACT } = env()
  const fresh = backup !== undefined && now.getTime() - backup.doneAt.getTime() < 36 * HOUR
  return [
    need('go_address', PUBLIC_URL?.startsWith('https:') ?? false, PUBLIC_URL ?? '–'),
    need('go_admins', (people.admin ?? 0) >= 2, String(people.admin ?? 0)),
    need(
      'go_auditors',
      (people.auditor ?? 0) >= 2,
      String(people.auditor ?? 0),
      (people.auditor ?? 0) > 0 ? 'look' : 'red',
    ),
    need('go_relay', (people.relay ?? 0) >= 2, String(people.relay ?? 0)),
    need('go_police', (people.city_police ?? 0) >= 2, String(people.city_police ?? 0), 'look'),
    need('go_survey', (people.survey_manager ?? 0) >= 2, String(people.survey_manager ?? 0), 'look'),
    need('go_units', units.length === 0, few(units)),
    need('go_keys', carriers.keyless.length === 0, few(carriers.keyless)),
    need('go_drills', carriers.untried.length === 0, few(carriers.untried), 'look'),
    ...records,
    ofZalo(),
    need(
      'go_mail',
      SMTP_URL !== undefined && OUTBOX === 'off',
      OUTBOX === 'on' ? 'outbox' : SMTP_URL ? '✓' : '–',
    ),
    need('go_alerts', ALERT_MAIL !== undefined, ALERT_MAIL === undefined ? '–' : '✓'),
    need('go_bounces', MAIL_BOUNCE !== undefined, MAIL_BOUNCE ?? '–', 'look'),
    need('go_holes', SECURITY_CONTACT !== undefined, SECURITY_CONTACT ?? '–', 'look'),
    need('go_holidays', ahead >= KNOWN_DAYS_AHEAD, `${ahead} d`),
    need('go_backup', fresh, backup?.doneAt.toISOString().slice(0, 16) ?? '–'),
  ]
}

async function countPeople(now: Instant): Promise<Readonly<Record<string, number>>> {
  const roles = await db.staffAccount.groupBy({
    by: ['role'],
    where: { active: true, passwordHash: { not: null }, decidesFrom: { lte: now } },
    _count: true,
  })
  return Object.fromEntries(roles.map(({ role, _count }) => [role, _count]))
}

/** Lists the names of units in force without an address or a telephone, to which people would be sent. */
async function unitsWithoutPlace(): Promise<string[]> {
  const units = await db.policeUnit.findMany({
    where: {
      OR: [{ editionId: null }, { edition: { inForce: true } }],
      kind: { not: 'desk' },
      AND: { OR: [{ address: null }, { phone: null }] },
    },
    orderBy: { ordinal: 'asc' },
    select: { nameVi: true },
  })
  return units.map(({ nameVi }) => nameVi)
}

/** Lists active carriers without a key for their book, and those that never finished a drill. */
async function carriersNotReady(): Promise<{ keyless: string[]; untried: string[] }> {
  const carriers = await db.carrier.findMany({
    where: { active: true },
    orderBy: { ordinal: 'asc' },
    select: {
      name: true,
      way: true,
      keys: { where: { revokedAt: null }, select: { id: true }, take: 1 },
      drills: { where: { endedAt: { not: null }, stoppedById: null }, select: { id: true }, take: 1 },
    },
  })
  const names = (chosen: typeof carriers) => chosen.map(({ name }) => name)
  return {
    // A carrier on paper needs no key.
    keyless: names(carriers.filter(({ way, keys }) => way !== 'letter' && keys.length === 0)),
    untried: names(carriers.filter(({ way, drills }) => way !== 'letter' && drills.length === 0)),
  }
}

/** Returns the TXT records of a name, or null if no name server answers. */
type Lookup = (name: string) => Promise<readonly string[] | null>

async function askDns(name: string): Promise<readonly string[] | null> {
  try {
    const texts = await new Resolver({ timeout: 2_000, tries: 1 }).resolveTxt(name)
    return texts.map((parts) => parts.join(''))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : null
  }
}

/** Checks that other mail servers will trust mail of our domain: SPF, DKIM and DMARC. */
function ofMailDomain(lookup: Lookup): Promise<Fact[]> {
  const { MAIL_FROM, DKIM_DOMAIN, DKIM_SELECTOR } = env()
  const domain = /@([^\s>]+)/.exec(MAIL_FROM)?.[1] ?? ''
  const record = async (name: GoLiveName, at: string, begins: RegExp): Promise<Fact> => {
    const texts = await lookup(at)
    if (texts === null) return need(name, false, `${at}: ?`, 'look')
    return need(
      name,
      texts.some((text) => begins.test(text)),
      at,
    )
  }
  return Promise.all([
    record('go_spf', domain, /^v=spf1\b/),
    DKIM_DOMAIN === undefined || DKIM_SELECTOR === undefined
      ? need('go_dkim', false, '–', 'look')
      : record('go_dkim', `${DKIM_SELECTOR}._domainkey.${DKIM_DOMAIN}`, /\bp=[A-Za-z0-9+/]/),
    record('go_dmarc', `_dmarc.${domain}`, /^v=DMARC1\b/),
  ])
}

function ofZalo(): Fact {
  if (env().ZALO_APP_ID === undefined) return need('go_zalo', false, '–', 'look')
  const approved = approvedTemplates()
  const missing = [...listZaloTexts()].filter(([name, text]) => approved[name]?.text !== text)
  return need('go_zalo', missing.length === 0, few(missing.map(([name]) => name)))
}
