import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'

/** The result of a command: its exit code (1 if a signal ended it), its whole output, and its duration in seconds. */
export interface Run {
  readonly code: number
  readonly output: string
  readonly seconds: number
}

/**
 * Runs `command` to its end and captures its output; never throws for an exit code.
 * @param niceness - above 0 it yields to other work on the machine (POSIX `nice`)
 * @param tell - receives each line of standard error at once
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
    // When a signal ends this process, its child ends too.
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
