import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A small file system of its own, so that filling it affects nothing else. */
export interface SmallDisk {
  /** Takes all space that is left. Called again, it also takes the space that was freed meanwhile. */
  fill(): void
  empty(): void
  unmount(): void
}

const BALLAST = '.ballast'
const NOTHING = Buffer.alloc(1024 * 1024)
/** Only root can mount, and only Linux has tmpfs. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0

/** Mounts a small disk at a path; null if mounting is not allowed and the path stays on the machine's own disk. */
export function smallDisk(path: string, megabytes: number): SmallDisk | null {
  mkdirSync(path, { recursive: true })
  const mount = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'antam-faults', path]
  if (!canMount || spawnSync('mount', mount).status !== 0) return null
  const ballast = join(path, BALLAST)
  const unmount = () => void spawnSync('umount', ['-l', path])
  // Unmounts also if the run is stopped early.
  process.once('exit', unmount)
  return {
    fill() {
      const file = openSync(ballast, 'a')
      try {
        while (writeSync(file, NOTHING) > 0);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        closeSync(file)
      }
    },
    empty: () => rmSync(ballast, { force: true }),
    unmount() {
      process.off('exit', unmount)
      unmount()
    },
  }
}
