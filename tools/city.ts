/**
 * `npm run city -- check CITY [--no-pictures]`: lists the faults in the files of `cities/CITY`, one line each with its
 * place. If there are none, starts the product on them with its own database and takes pictures of home, map, report and
 * an agency, in the widths of a phone and a desktop, in `.data/pictures/CITY`. Exits with 0 when all is well, with 1 when
 * something is wrong. Without Chromium it takes no pictures.
 */
import { basename, join } from 'node:path'
import { endWithUsage, readArguments } from '../scripts/arguments.ts'
import { chromiumPath } from '../scripts/chromium.ts'

const USAGE = 'usage: npm run city -- check CITY [--no-pictures]'
const { values, positionals } = readArguments(USAGE, {
  options: { pictures: { type: 'boolean', default: true } },
  allowPositionals: true,
  allowNegative: true,
})
const [act, folder, more] = positionals
// As a shell completes it: cities/da-nang/.
const city = folder && basename(folder)
if (act !== 'check' || city === undefined || more !== undefined) endWithUsage(USAGE)
// The checked city may be broken, so this process runs as another.
process.env.CITY = 'hcm'
const { cityNames } = await import('#cities/city.ts')
if (!cityNames().includes(city)) {
  console.error(`There is no cities/${city}/city.json (there are: ${cityNames().join(', ')}).`)
  process.exit(1)
}
const { faultsOf } = await import('./city/faults.ts')
const faults = faultsOf(city, new Date().getFullYear())
for (const fault of faults) console.error(fault)
console.log(faults.length === 0 ? `cities/${city}: nothing is wrong.` : `${faults.length} faults.`)
if (faults.length > 0) process.exitCode = 1
else if (values.pictures) {
  const chromium = chromiumPath()
  if (chromium === undefined) console.log('No pictures: there is no Chromium (CHROMIUM_PATH).')
  else await (await import('./city/pictures.ts')).takePictures(city, join('.data/pictures', city), chromium)
}
