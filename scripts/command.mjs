/**
 * The image's entry point: runs a command of package.json by its name, without npm: `web`, `worker`, `db:migrate`,
 * `setup`, `carriers`, `admin:invite EMAIL` …
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
/** Commands that need the site's sources, the git history, or a database of their own. */
const NOT_HERE = [
  'start',
  'dev',
  'test',
  'test:full',
  'check',
  'db:migration',
  'demo:code',
  'release',
  'load',
]

const commands = Object.entries(scripts).flatMap(([name, line]) => {
  const script = /^(?:exec )?node scripts\/bootstrap\.mjs ((?:scripts|tools)\/\S+\.ts)$/.exec(line)?.[1]
  return script && !NOT_HERE.includes(name) && existsSync(join(root, script)) ? [[name, script]] : []
})

const [name = '', ...args] = process.argv.slice(2)
const script = new Map(commands).get(name)
if (!script) {
  console.error(
    `usage: COMMAND [ARGUMENTS], where COMMAND is one of ${commands.map(([one]) => one).join(', ')}`,
  )
  process.exit(64)
}
process.chdir(root)
const target = join(root, script)
process.argv.splice(1, process.argv.length, target, ...(args[0] === '--' ? args.slice(1) : args))
await import(pathToFileURL(target).href)
