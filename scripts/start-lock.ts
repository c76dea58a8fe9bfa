import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  // The number may be another program's by now.
  const commandLine = `/proc/${pid}/cmdline`
  return !existsSync(commandLine) || /start\.ts|bootstrap\.mjs/.test(readFileSync(commandLine, 'utf8'))
}

/** Milliseconds that another run may take to end after it was asked to. */
const PATIENCE = 15_000

/** Claims `DATA_DIR` for this process until it ends; throws when another run has it and keeps it. */
export async function claim(dataDir: string): Promise<void> {
  const file = join(dataDir, 'start.pid')
  const holder = () => (existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0)
  for (let waited = 0; holder() > 0 && holder() !== process.pid && runs(holder()); waited += 200) {
    if (waited === 1_000) console.error(`Waiting for process ${holder()}, which still runs on ${dataDir} …`)
    if (waited >= PATIENCE) {
      throw new Error(
        `An Tâm already runs on ${dataDir} (process ${holder()}): stop it, or set DATA_DIR and PORT for another.`,
      )
    }
    await sleep(200)
  }
  writeFileSync(file, `${process.pid}\n`)
  process.on('exit', () => {
    if (holder() === process.pid) rmSync(file, { force: true })
  })
}
