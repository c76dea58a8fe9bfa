/**
 * `npm run agencies:load -- EDITION [--on [YYYY-MM-DD] | --off]`: loads an edition of the agencies. `--on` switches it on
 * from the given day (default: the edition's own first day), `--off` switches it off again. Without DATABASE_URL it joins
 * the running embedded installation.
 */
import { randomUUID } from 'node:crypto'
import { editionsOf, readFile } from '#cities/city.ts'
import { loadEdition, reorganise } from '#features/agencies/changes/acts.ts'
import { type Edition, editionSchema } from '#features/agencies/changes/edition-rules.ts'
import { readEditionState } from '#features/agencies/changes/page-data.ts'
import { withdrawChange } from '#features/ratings/replies/acts.ts'
import { endWithUsage, readArguments } from './arguments.ts'
import { onDatabase } from './on-database.ts'

/** An installation starts with the first edition, so only the later ones can be loaded. */
const EDITIONS = editionsOf('agencies').slice(1)

const editionOf = (name: string): Edition | null =>
  EDITIONS.includes(name) ? editionSchema.parse(readFile(`agencies-${name}.json`)) : null

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

const USAGE = `usage: npm run agencies:load -- ${EDITIONS.join('|') || 'EDITION'} [--on [YYYY-MM-DD] | --off]`

const { positionals, values } = readArguments(USAGE, {
  // parseArgs has no optional values, so the day after --on is read as a second positional.
  options: { on: { type: 'boolean' }, off: { type: 'boolean' } },
  allowPositionals: true,
})
const [name = '', day] = positionals
if (values.on && day !== undefined && !isDay(day))
  endWithUsage(USAGE, `${day} is no day: write it as 2025-07-01.`)
if (values.on && values.off) endWithUsage(USAGE)

async function main(): Promise<number> {
  const edition = editionOf(name)
  // A process of another city has been refused by now: each city has editions of its own.
  if (edition === null) endWithUsage(USAGE)
  const loaded = await loadEdition(edition, new Date())
  if (!loaded.ok) {
    console.error(
      `The edition ${name} is switched on and says something else than the file: nothing changed.`,
    )
    return 1
  }
  const { departments, units } = edition
  console.log(
    `Edition ${name} (${departments.length} departments, ${units.length} units): ${loaded.value === 'loaded' ? 'loaded' : 'was loaded already'}.`,
  )
  if (values.on) return switchOn(name, day ?? edition.valid_from)
  if (values.off) return switchOff(name)
  return state(name)
}

async function state(name: string): Promise<number> {
  const on = (await readEditionState(name))?.on
  console.log(
    on
      ? `It is switched on from ${on}.`
      : `It shows nowhere until it is switched on: npm run agencies:load -- ${name} --on`,
  )
  return 0
}

async function switchOn(name: string, on: string): Promise<number> {
  const before = await readEditionState(name)
  if (before?.on === on) {
    console.log(`It was switched on from ${on} already.`)
    return 0
  }
  if (before?.on) {
    console.error(`It is switched on from ${before.on}; switch it off (--off) before choosing another day.`)
    return 1
  }
  const seen = { basedOn: null, submitKey: randomUUID() }
  const done = await reorganise({ kind: 'system' }, { edition: name, on }, seen, new Date())
  if (done.ok) {
    console.log(`Switched on from ${on}.`)
    return 0
  }
  const why = done.error.kind === 'impossible' ? done.error.why : null
  const behind = done.error.kind === 'impossible' ? done.error.behind : null
  if (why && behind) {
    const day = before?.firstFreeDay ? ` or choose a day from ${before.firstFreeDay} on` : ''
    console.error(
      `Not switched on: ${'name' in why ? why.name.nameVi : ''} stands otherwise by the change "${behind.kind}" in force from ${behind.on} (${behind.basis}). Withdraw it in the list of agencies${day}.`,
    )
  } else if (why?.fault === 'answered') {
    console.error(
      `Not switched on: ${why.agency} has answers for services of that day or later, which would then belong to nobody. The first day without any: ${before?.firstFreeDay ?? why.day}.`,
    )
  } else {
    console.error(
      `Not switched on: ${why ? `${why.fault}${'agency' in why ? ` (${why.agency})` : ''}` : done.error.kind}.`,
    )
  }
  return 1
}

async function switchOff(name: string): Promise<number> {
  const changeId = (await readEditionState(name))?.changeId
  if (!changeId) {
    console.log('It is not switched on.')
    return 0
  }
  const done = await withdrawChange({ kind: 'system' }, changeId, new Date())
  if (done.ok) {
    console.log('Switched off: the agencies of before are open-ended again.')
    return 0
  }
  const names =
    'names' in done.error
      ? `: ${done.error.names
          .slice(0, 5)
          .map(({ nameVi }) => nameVi)
          .join(', ')}`
      : ''
  const reasons = {
    answered: 'agencies of this edition have answers, which cannot be taken from them',
    changed: 'agencies of this edition have been changed since',
    forbidden: 'not allowed',
    gone: 'it was switched off meanwhile',
    faults: 'no reason was given',
  }
  console.error(`Not switched off: ${reasons[done.error.kind]}${names}.`)
  return 1
}

await onDatabase(main)
