import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  // The number may belong to another program by now.
  const commandLine = `/proc/${pid}/cmdline`
  return !existsSync(commandLine) || /start\.ts|bootstrap\.mjs/.test(readFileSync(commandLine, 'utf8'))
}

/** Milliseconds that another run may take to end after it was asked to. */
const PATIENCE = 15_000

/**
 * Claims a directory (`DATA_DIR`, or a bench's) for this process until it ends; throws if another run keeps it.
 *
 * @param remedy what to do instead of stopping the other run
 * @param patience how long to wait for the other run, in milliseconds
 */
export async function lockDataDir(
  dataDir: string,
  remedy = 'set DATA_DIR and PORT for another',
  patience = PATIENCE,
): Promise<void> {
  const file = join(dataDir, 'start.pid')
  const holder = () => (existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0)
  for (let waited = 0; !take(file) && holder() !== process.pid; waited += 200) {
    const other = holder()
    if (!(other > 0 && runs(other))) {
      // Left by an earlier run that was killed.
      rmSync(file, { force: true })
      continue
    }
    if (waited === 1_000) console.error(`Waiting for process ${other}, which still runs on ${dataDir} …`)
    if (waited >= patience)
      throw new Error(`An Tâm already runs on ${dataDir} (process ${other}): stop it, or ${remedy}.`)
    await sleep(200)
  }
  process.on('exit', () => {
    if (holder() === process.pid) rmSync(file, { force: true })
  })
}

/** Records this process as the holder atomically; returns false if another process holds it. */
function take(file: string): boolean {
  const own = `${file}.${process.pid}`
  writeFileSync(own, `${process.pid}\n`)
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(own)
  }
}
