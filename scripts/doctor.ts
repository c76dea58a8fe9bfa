/**
 * `npm run doctor [-- --go-live]`: prints one page about this installation as this machine sees it: versions, settings
 * without secrets, clocks, disk, database, queue, gateways, storage, the audit log, the last backup; and for everything
 * red the document that says what to do. `--go-live` adds the checks needed before the public is let in. On DATABASE_URL
 * or, beside `npm start`, on the embedded database. Exit code 0: nothing is red; 1: something is red; 2: usage; 78: it
 * could not begin.
 */
import { examine } from '#features/health/doctor/data.ts'
import { examineForGoLive } from '#features/health/doctor/go-live-data.ts'
import { type Fact, factsOf, GROUPS, isRed } from '#features/health/doctor/rules.ts'
import { findOtherCity } from '#features/installation/data.ts'
import { catalogue } from '#messages/catalogue.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { readArguments } from './arguments.ts'
import { joinEmbedded } from './embedded.ts'
import { UNSTARTABLE } from './process.ts'

const words = catalogue.en.installation
const MARKS = { ok: '✓', look: '!', red: '✗' } as const

function show({ name, state, value, said, see }: Fact): void {
  const title = words.fact[name]
  console.log(`  ${MARKS[state]} ${title.padEnd(44)} ${value}`)
  if (said !== undefined) console.log(`      ${said}`)
  if (state !== 'ok' && see !== undefined) console.log(`      ${see}`)
}

async function doctor(goLive: boolean): Promise<number> {
  joinEmbedded()
  env()
  const now = new Date()
  const otherCity = await findOtherCity()
  if (otherCity !== null) throw new Error(otherCity)
  const facts = [...(await examine(now)), ...(goLive ? await examineForGoLive(now) : [])]
  for (const group of GROUPS) {
    const own = factsOf(group, facts)
    if (own.length === 0) continue
    console.log(`\n${words.group[group]}`)
    for (const fact of own) show(fact)
  }
  const red = facts.filter(isRed).length
  console.log(red === 0 ? '\nNothing is red.' : `\n${red} red.`)
  return red === 0 ? 0 : 1
}

const { values } = readArguments('usage: npm run doctor [-- --go-live]', {
  options: { 'go-live': { type: 'boolean', default: false } },
})
try {
  process.exitCode = await doctor(values['go-live']).catch((error: Error) => {
    console.error(error.message)
    return UNSTARTABLE
  })
} finally {
  await Promise.try(() => db.$disconnect()).catch(() => {})
}
