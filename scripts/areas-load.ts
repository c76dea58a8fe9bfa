/**
 * `npm run areas:load -- EDITION [--on|--off]`: loads the editions of areas and units. `--on` puts one in force, `--off`
 * the one before it; both then move open cases and found phones to the units that are now responsible. Without
 * DATABASE_URL it joins the running embedded installation. Running the same command again continues an interrupted run.
 */
import { switchEdition } from '#features/areas/acts.ts'
import { editionInForce } from '#features/areas/data.ts'
import { noteLoaded } from '#features/audit/entries/acts.ts'
import { followEdition } from '#features/cases/edition/acts.ts'
import { db } from '#platform/db.ts'
import { EDITION_IDS, seedAreas } from '../prisma/seed/areas.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

const USAGE = `usage: npm run areas:load -- ${EDITION_IDS.join('|')} [--on|--off]`

const { positionals, values } = readArguments(USAGE, {
  options: { on: { type: 'boolean' }, off: { type: 'boolean' } },
  allowPositionals: true,
})
const [name = '', more] = positionals
if (more !== undefined || !EDITION_IDS.includes(name) || (values.on && values.off)) endWithUsage(USAGE)

async function main(): Promise<number> {
  const written = await seedAreas(db)
  if (written > 0) await noteLoaded('areas', written, new Date())
  if (!values.on && !values.off) return state(name)
  const now = await editionInForce()
  const before = EDITION_IDS[EDITION_IDS.indexOf(name) - 1]
  const wanted = values.on ? name : now.id === name ? before : now.id
  if (wanted === undefined) {
    console.error(`${name} is the first edition: it ends when another is switched on.`)
    return 1
  }
  const switched = await switchEdition(wanted, new Date())
  if (!switched.ok) throw new Error(`the edition ${wanted} is not there`)
  console.log(
    switched.value === 'already'
      ? `Edition ${wanted} is in force already.`
      : `Edition ${wanted} is in force.`,
  )
  const { cases, found, failed } = await followEdition(new Date(), (moved) =>
    console.log(`${moved} cases moved …`),
  )
  console.log(`Moved to the units that answer now: ${cases} open cases, ${found} found phones.`)
  for (const { id, reason } of failed) console.error(`The case ${id} could not be moved: ${reason}`)
  return failed.length > 0 ? 1 : 0
}

async function state(name: string): Promise<number> {
  const areas = await db.policeArea.count({ where: { editionId: name } })
  const { id } = await editionInForce()
  console.log(
    `Edition ${name} (${areas} areas, each with its unit): loaded${id === name ? ' and in force' : ''}.`,
  )
  if (id !== name) console.log(`Edition ${id} is in force. To switch: npm run areas:load -- ${name} --on`)
  return 0
}

await onDatabase(main)
