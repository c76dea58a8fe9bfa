import { execFileSync } from 'node:child_process'

interface Row {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function rows(): Row[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return command ? [{ pid: Number(pid), parent: Number(parent), command }] : []
    })
}

const below = (all: Row[], pid: number): Row[] =>
  all.filter((row) => row.parent === pid).flatMap((row) => [row, ...below(all, row.pid)])

/** Kills one of the product's processes and its children at once, like a power cut. */
export function killNow(productPid: number, script: string): void {
  const all = rows()
  const found = below(all, productPid).find((row) => row.command.includes(script))
  if (!found) throw new Error(`${script} is not running`)
  for (const { pid } of [...below(all, found.pid), found]) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // The process had already ended.
    }
  }
}
