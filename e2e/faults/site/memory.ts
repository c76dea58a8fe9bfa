import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MemoryLimit } from '../kept.ts'

export interface Limited extends MemoryLimit {
  /** The mechanism of the limit, for the run's report. */
  readonly way: 'cgroup' | 'heap'
  release(): void
}

/** The kernel's folder of memory cgroups (v1 and v2), with the file that holds a group's limit. */
const GROUPS = [
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', there: 'memory.limit_in_bytes' },
  { folder: '/sys/fs/cgroup', limit: 'memory.max', there: 'cgroup.controllers' },
] as const

/** Limits processes by a cgroup if one can be made, and otherwise by V8's heap size. */
export function limitMemory(bytes: number): Limited {
  for (const { folder, limit, there } of GROUPS) {
    if (!existsSync(join(folder, there))) continue
    const group = join(folder, `antam-faults-${process.pid}`)
    try {
      mkdirSync(group)
      writeFileSync(join(group, limit), String(bytes))
      return {
        way: 'cgroup',
        // The shell joins the group and then becomes the process.
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

/** Removes a group, after moving its remaining processes to the parent. */
function release(group: string): void {
  try {
    const parent = join(group, '../cgroup.procs')
    for (const pid of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n'))
      if (pid !== '') writeFileSync(parent, pid)
    rmdirSync(group)
  } catch {
    // A process that is just ending keeps the group for a moment. An empty group limits no process, so it may stay.
  }
}
