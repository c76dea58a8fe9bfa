import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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

/** Claims `DATA_DIR` for this process until it ends; throws when another run has it. */
export function claim(dataDir: string): void {
  const file = join(dataDir, 'start.pid')
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
  if (pid > 0 && pid !== process.pid && runs(pid)) {
    throw new Error(
      `An Tâm already runs on ${dataDir} (process ${pid}): stop it, or set DATA_DIR and PORT for another.`,
    )
  }
  writeFileSync(file, `${process.pid}\n`)
  process.on('exit', () => rmSync(file, { force: true }))
}
