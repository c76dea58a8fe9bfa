/**
 * `npm run drill [-- --from BACKUP] [--in DIR]`: takes a backup of the running product (or the newest of BACKUP),
 * restores it into a scratch place with its own PostgreSQL, compares, verifies the audit log, and removes the place
 * again. It reads the running product and writes one row there: the time of the last good drill. The report is in
 * DATA_DIR/drills, Markdown and JSON. Needs the variables of a worker and room for a second copy. Exit code 0: everything
 * came back; 1: not.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordUpkeep } from '#features/installation/acts.ts'
import { env } from '#platform/env.ts'
import { readArguments } from './arguments.ts'
import { backupAt, readManifest } from './backup/manifest.ts'
import { startEmbedded } from './embedded.ts'
import { onDatabase } from './on-database.ts'
import { run } from './run.ts'

const { values } = readArguments('usage: npm run drill [-- --from BACKUP] [--in DIR]', {
  options: { from: { type: 'string' }, in: { type: 'string' } },
})

interface Step {
  readonly name: string
  readonly seconds: number
  readonly ok: boolean
  readonly said: string
}

async function step(name: string, args: readonly string[], variables: Record<string, string>): Promise<Step> {
  const begun = Date.now()
  const { code, output } = await run(process.execPath, [...args], variables)
  const said = output.trim()
  const done = { name, seconds: (Date.now() - begun) / 1000, ok: code === 0, said }
  console.log(`${name}: ${done.ok ? 'well' : 'NOT WELL'}, ${done.seconds.toFixed(1)} s`)
  if (!done.ok) console.error(said)
  return done
}

async function drill(scratch: string): Promise<number> {
  const at = new Date()
  const [to, data, report] = [join(scratch, 'backup'), join(scratch, 'data'), join(scratch, 'restored.json')]
  mkdirSync(data, { mode: 0o711 })
  const steps: Step[] = []
  if (!values.from) steps.push(await step('backup', ['scripts/backup.ts', to, '--scratch'], {}))
  if (steps.every(({ ok }) => ok)) {
    const password = () => randomBytes(18).toString('base64url')
    const own = await startEmbedded(data, {
      superuser: password(),
      owner: password(),
      application: password(),
    })
    const place = {
      DATABASE_URL: own.DATABASE_URL,
      DATABASE_OWNER_URL: own.DATABASE_OWNER_URL,
      // A running product may have its URLs in files, which would name the wrong database here.
      DATABASE_URL_FILE: '',
      DATABASE_OWNER_URL_FILE: '',
      DATA_DIR: data,
      AUDIT_DIR: join(data, 'checkpoints'),
      STORAGE_URL: '',
      // Never the store of the running product: erasing again would remove files from both.
      STORAGE_URL_ALSO: '',
    }
    try {
      steps.push(
        await step('restore', ['scripts/restore.ts', values.from ?? to, '--report', report], place),
        await step('audit log', ['scripts/audit-verify.ts', '--checkpoints', place.AUDIT_DIR], place),
      )
    } finally {
      await own.server.stop()
    }
  }
  return conclude(at, steps, values.from ?? to, report)
}

async function conclude(at: Date, steps: readonly Step[], from: string, report: string): Promise<number> {
  const good = steps.length > 1 && steps.every(({ ok }) => ok)
  const { folder, name } = backupAt(from)
  const { tables, evidence, ...manifest } = readManifest(folder, name)
  const restored = good ? JSON.parse(readFileSync(report, 'utf8')) : null
  const figures = {
    at: at.toISOString(),
    good,
    backup: name,
    snapshotAt: manifest.snapshotAt,
    version: manifest.version,
    postgres: manifest.postgres,
    tables: tables.length,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    databaseBytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
    files: evidence.files,
    fileBytes: evidence.bytes,
    missing: evidence.missing.length,
    logSize: manifest.log?.size ?? 0,
    opened: restored?.opened ?? null,
    erasedAgain: restored?.erasedAgain ?? null,
    seconds: Object.fromEntries(steps.map(({ name, seconds }) => [name, seconds])),
  }
  const drills = join(env().DATA_DIR, 'drills')
  mkdirSync(drills, { recursive: true, mode: 0o700 })
  const path = join(drills, at.toISOString().replace(/\D/g, '').slice(0, 14))
  writeFileSync(`${path}.json`, `${JSON.stringify({ ...figures, steps }, null, 2)}\n`, { mode: 0o600 })
  writeFileSync(`${path}.md`, markdown(figures, steps), { mode: 0o600 })
  if (good)
    await recordUpkeep(
      'drill',
      { backup: name, rows: figures.rows, files: figures.files, seconds: total(steps) },
      new Date(),
    )
  console.log(`${good ? 'All came back' : 'NOT all came back'}, in ${total(steps)} s: ${path}.md`)
  return good ? 0 : 1
}

const total = (steps: readonly Step[]): number =>
  Math.round(steps.reduce((sum, { seconds }) => sum + seconds, 0))

const markdown = (
  figures: Readonly<Record<string, unknown>> & { readonly at: string; readonly good: boolean },
  steps: readonly Step[],
): string => `# Restore drill of ${figures.at}

${figures.good ? 'Everything came back.' : '**Not everything came back.**'}

| step | seconds | well |
|---|---|---|
${steps.map(({ name, seconds, ok }) => `| ${name} | ${seconds.toFixed(1)} | ${ok ? 'yes' : 'NO'} |`).join('\n')}

| figure | value |
|---|---|
${Object.entries(figures)
  .filter(([, value]) => typeof value !== 'object')
  .map(([name, value]) => `| ${name} | ${value} |`)
  .join('\n')}

${steps.map(({ name, said }) => `## ${name}\n\n${said.replace(/^/gm, '    ')}`).join('\n\n')}
`

await onDatabase(
  async () => {
    const scratch = mkdtempSync(join(values.in ?? tmpdir(), 'antam-drill-'))
    try {
      return await drill(scratch)
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  },
  { embedded: 'start' },
)
