import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'

/** The end of a command: its exit code (1 when a signal ended it), everything it printed, and its seconds. */
export interface Run {
  readonly code: number
  readonly output: string
  readonly seconds: number
}

/**
 * Runs `command` to its end and keeps its output back; never throws for an exit code.
 * @param niceness - above 0 it leaves the machine to what runs beside it (POSIX `nice`)
 * @param tell - hears each line of standard error at once
 */
export function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  niceness = 0,
  tell?: (line: string) => void,
): Promise<Run> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (niceness > 0 && child.pid) setPriority(child.pid, niceness)
    // A signal that ends this process ends what it waits for too.
    const end = () => child.kill()
    process.on('exit', end)
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    if (tell) createInterface({ input: child.stderr }).on('line', tell)
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('exit', end)
      resolve({ code: code ?? 1, output, seconds: (performance.now() - started) / 1000 })
    })
  })
}
