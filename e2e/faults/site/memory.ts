import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MemoryLimit } from '../kept.ts'

/** A limit of memory that can be taken away again. */
export interface Limited extends MemoryLimit {
  /** How the memory is limited, for the run's report. */
  readonly way: 'cgroup' | 'heap'
  release(): void
}

/** The folder of the kernel's groups by memory, and the file in one of them that holds its limit. */
const GROUPS = [
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', there: 'memory.limit_in_bytes' },
  { folder: '/sys/fs/cgroup', limit: 'memory.max', there: 'cgroup.controllers' },
] as const

/** Limits processes by a group of the kernel's where one can be made, else by the size of V8's heap. */
export function limitMemory(bytes: number): Limited {
  for (const { folder, limit, there } of GROUPS) {
    if (!existsSync(join(folder, there))) continue
    const group = join(folder, `antam-faults-${process.pid}`)
    try {
      mkdirSync(group)
      writeFileSync(join(group, limit), String(bytes))
      return {
        way: 'cgroup',
        // The shell joins the group and becomes the process.
        command: ['sh', '-c', 'echo $$ > "$0" && exec "$@"', join(group, 'cgroup.procs')],
        flags: [],
        ends: 0,
        release: () => release(group),
      }
    } catch {
      if (existsSync(group)) release(group)
    }
  }
  const megabytes = Math.max(40, Math.round(bytes / 4 / 1024 / 1024))
  return { way: 'heap', command: [], flags: [`--max-old-space-size=${megabytes}`], ends: 0, release() {} }
}

/** Removes a group; what still lives in it moves up first. */
function release(group: string): void {
  try {
    const parent = join(group, '../cgroup.procs')
    for (const pid of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n'))
      if (pid !== '') writeFileSync(parent, pid)
    rmdirSync(group)
  } catch {
    // A process that is just ending holds the group for a moment: an empty group limits no process.
  }
}
