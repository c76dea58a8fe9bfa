/**
 * `npm run setup [-- --secrets DIR] [--env DIR] [--admin EMAIL]`: makes a production installation step by step: checks
 * the environment and the database, creates the missing secrets (those of `DIR` are used), migrates, loads reference
 * data, and prints what each kind of process needs. A second run changes nothing and says so. Exit code 1: something is
 * wrong, and nothing was done after it; 2: usage.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inviteAdmin, linkPath } from '#features/accounts/invitations/acts.ts'
import { KNOWN_DAYS_AHEAD } from '#features/cases/clocks/holidays-rules.ts'
import { checkKeys } from '#features/installation/acts.ts'
import { holidaysAhead } from '#features/lookup-tables/data.ts'
import { db } from '#platform/db.ts'
import { env, readEnv, takeFromFiles } from '#platform/env.ts'
import { readArguments } from './arguments.ts'
import { migrate, sayMigrated } from './migrate.ts'
import { asLine, KINDS, type Kind, needsOf } from './setup/needs.ts'
import { makeMissing, takeFromFolder } from './setup/secret-files.ts'
import { type Findings, keysInUse, lookAround, lookAtDatabase } from './setup/surroundings.ts'

const USAGE = 'usage: npm run setup [-- --secrets DIR] [--env DIR] [--admin EMAIL]'

/** Ends the run at a failed step. Earlier steps stay done, and another run continues from there. */
function stopAt(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

let steps = 0
const step = (title: string) => console.log(`\n${++steps}. ${title}`)
const say = (mark: '✓' | '+' | '!' | ' ', text: string) => console.log(`   ${mark} ${text}`)

function tell({ right, notes }: Findings): void {
  for (const text of right) say('✓', text)
  for (const text of notes) say('!', text)
}

/** The changes of this run, one word each; empty on a second run. */
const changes: string[] = []

const auditFolder = (): string => join(process.env.DATA_DIR || '.data', 'secrets')

async function lookAtEnvironment(folder: string | null): Promise<void> {
  step('Environment')
  for (const place of [folder ?? [], auditFolder()].flat()) takeFromFolder(process.env, place)
  const { DATABASE_URL_FILE } = process.env
  if (!process.env.DATABASE_URL && !DATABASE_URL_FILE)
    throw new Error(
      `DATABASE_URL: is not set${folder === null ? '' : `, and ${folder} has no file of that name`}. (Without it npm start runs an installation of its own, which needs no setup.)`,
    )
  // Faults of the environment are reported with all others, once the missing secrets are made.
  const given = { ...process.env }
  takeFromFiles(given)
  const findings: Findings = { right: [], notes: [], faults: [] }
  const { DATABASE_URL = '', DATABASE_OWNER_URL } = given
  if (!URL.canParse(DATABASE_URL)) stopAt(['DATABASE_URL: is no URL: postgresql://antam_app:…@host/antam'])
  await lookAtDatabase({ DATABASE_URL, DATABASE_OWNER_URL }, findings)
  tell(findings)
  stopAt(findings.faults)
}

async function makeSecrets(folder: string | null): Promise<void> {
  step('Secrets')
  const given = { ...process.env }
  takeFromFiles(given)
  const known = await keysInUse(given.DATABASE_OWNER_URL || given.DATABASE_URL || '')
  const { files, faults } = makeMissing(process.env, { folder, auditFolder: auditFolder(), known })
  stopAt(faults)
  for (const file of files) say('+', `made ${file}`)
  if (files.length > 0) {
    changes.push(`${files.length} secrets`)
    say(
      '!',
      'Copy these files now to where no backup of the database lies: without them nothing stored can be read.',
    )
  } else say('✓', 'all of them are given')
  try {
    readEnv(process.env)
  } catch (error) {
    const hint = folder === null ? '\n(--secrets DIR makes those that are random, a file each.)' : ''
    throw new Error(`${(error as Error).message}${hint}`)
  }
  takeFromFiles(process.env)
  const findings: Findings = { right: [], notes: [], faults: [] }
  lookAround(readEnv(process.env), findings)
  tell(findings)
  stopAt(findings.faults)
}

async function prepareDatabase(): Promise<void> {
  step('Database')
  const { DATABASE_URL, DATABASE_OWNER_URL } = env()
  const migrated = await migrate(DATABASE_OWNER_URL ?? DATABASE_URL, DATABASE_URL)
  if (migrated.migrations.length > 0) changes.push(`${migrated.migrations.length} migrations`)
  if (migrated.reference.length > 0) changes.push('reference data')
  for (const line of sayMigrated(migrated).split('\n'))
    say(line === 'The database is up to date.' ? '✓' : '+', line)
  stopAt(await checkKeys(new Date()))
  say('✓', 'The keys are those of this database.')
  const ahead = await holidaysAhead(new Date())
  if (ahead < KNOWN_DAYS_AHEAD)
    say(
      '!',
      `The holidays are known for ${ahead} days: enter what was announced (docs/operations/reference-data.md, Holidays)`,
    )
}

/** Writes the environment of a kind of process if the file does not exist; reports differences from an existing one. */
function writeEnv(folder: string, kind: Kind, lines: readonly string[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const file = join(resolve(folder), `${kind}.env`)
  const text = `${lines.join('\n')}\n`
  if (!existsSync(file)) {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
    changes.push(file)
    say('+', `made ${file}`)
  } else if (readFileSync(file, 'utf8') === text) say('✓', `${file} says so`)
  else say('!', `${file} says something else, and stays as it is`)
}

const TITLES: Readonly<Record<Kind, string>> = {
  web: 'Web servers (npm run web), and commands',
  worker: 'Workers (npm run worker), and npm run audit:resume',
  migrate: 'Migration (npm run db:migrate)',
}

function tellNeeds(folder: string | undefined): void {
  step('What each kind of process needs')
  for (const kind of KINDS) {
    const needs = needsOf(kind, process.env)
    say(' ', `# ${TITLES[kind]}`)
    for (const { name, shown } of needs)
      say(' ', shown === null ? `${name}=… (as it was given here)` : asLine(name, shown))
    if (folder !== undefined)
      writeEnv(
        folder,
        kind,
        needs.map(({ name, value }) => asLine(name, value)),
      )
  }
}

const INVITE = 'npm run admin:invite -- EMAIL'

async function inviteFirst(email: string | undefined): Promise<void> {
  step('First account')
  const { ALERT_MAIL } = env()
  const insider = { email: { equals: ALERT_MAIL ?? '', mode: 'insensitive' } } as const
  if ((await db.staffAccount.count({ where: insider })) > 0)
    say('!', 'ALERT_MAIL: is the address of an account; give a mailbox of nobody who has one')
  const admins = await db.staffAccount.findMany({ where: { role: 'admin' }, select: { email: true } })
  if (email === undefined || admins.some((one) => one.email === email.trim().toLowerCase())) {
    if (admins.length >= 2) say('✓', `${admins.length} administrators are invited.`)
    else if (admins.length === 1) say('!', `One administrator is invited; two are needed: ${INVITE}`)
    else say('!', `Nobody is invited yet, and two are needed: ${INVITE}`)
    return
  }
  const made = await inviteAdmin(email, new Date())
  if (!made.ok) throw new Error(`${email} was not invited (${made.error}): see ${INVITE}`)
  changes.push('an invitation')
  const { PUBLIC_URL, HOST, PORT, ACCOUNT_WAIT_HOURS } = env()
  say(
    '+',
    `Open this link once within 72 hours: ${new URL(linkPath(made.value), PUBLIC_URL ?? `http://${HOST}:${PORT}`).href}`,
  )
  say(' ', `The account decides nothing for ${ACCOUNT_WAIT_HOURS} hours. Invite a second person: ${INVITE}`)
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const { values: options } = readArguments(USAGE, { options: { secrets: text, env: text, admin: text } })
  const folder = options.secrets === undefined ? null : resolve(options.secrets)
  try {
    await lookAtEnvironment(folder)
    await makeSecrets(folder)
    await prepareDatabase()
    tellNeeds(options.env)
    await inviteFirst(options.admin)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const made = changes.length > 0 ? `\nDone so far, and kept: ${changes.join(', ')}.` : ''
    console.error(
      `\nStopped:\n${error.message}${made}\nPut it right and run setup again: it goes on from here.`,
    )
    return 1
  } finally {
    await Promise.try(() => db.$disconnect()).catch(() => {})
  }
  console.log(
    changes.length > 0
      ? `\nDone: ${changes.join(', ')}. Next: ${existsSync('.next/BUILD_ID') ? '' : 'npm run build, then '}the processes above (docs/operations/install.md).`
      : '\nNothing was changed: this installation was set up before.',
  )
  return 0
}

process.exitCode = await main()
