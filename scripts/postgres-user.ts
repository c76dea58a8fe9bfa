import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { join } from 'node:path'

/** The user that runs PostgreSQL's programs: the current one or, since PostgreSQL refuses root, a separate one. */
export interface Runner {
  readonly identity: { readonly uid?: number; readonly gid?: number }
  command(program: string, args: readonly string[]): [string, string[]]
  runSync(program: string, args: readonly string[]): SpawnSyncReturns<string>
  give(path: string): void
}

const asOurselves: Runner = {
  identity: {},
  command: (program, args) => [program, [...args]],
  runSync: (program, args) => spawnSync(program, args, { cwd: '/', encoding: 'utf8' }),
  give: () => {},
}

const USER = 'postgres'

function idOf(flag: '-u' | '-g'): number | null {
  const done = spawnSync('id', [flag, USER], { encoding: 'utf8' })
  return done.status === 0 ? Number.parseInt(done.stdout, 10) : null
}

function serverUser(): { uid: number; gid: number } {
  if (idOf('-u') === null) {
    const made = spawnSync(
      'useradd',
      [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/usr/sbin/nologin',
        USER,
      ],
      { encoding: 'utf8' },
    )
    if (made.status !== 0) {
      throw new Error(
        `PostgreSQL does not run as root and the user "${USER}" could not be made (${made.stderr || made.error}): run as an ordinary user, or set DATABASE_URL.`,
      )
    }
  }
  const [uid, gid] = [idOf('-u'), idOf('-g')]
  if (uid === null || gid === null) throw new Error(`The user "${USER}" was made but cannot be found.`)
  return { uid, gid }
}

function asServerUser(uid: number, gid: number): Runner {
  return {
    identity: { uid, gid },
    command: (program, args) => [program, [...args]],
    runSync: (program, args) => spawnSync(program, args, { cwd: '/', encoding: 'utf8', uid, gid }),
    give: (path) => chownSync(path, uid, gid),
  }
}

/**
 * Returns a runner for the server's user that keeps one privilege: to pass through directories that only root may enter,
 * such as root's home above a clone. util-linux's setpriv passes the privilege on; the server itself still is not root.
 */
function throughClosedDirectories(uid: number, gid: number): Runner {
  // Without the secure bit, access(2), with which PostgreSQL checks its own files, ignores the privilege.
  const keep = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  const command = (program: string, args: readonly string[]): [string, string[]] => [
    'setpriv',
    [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...keep, '--', program, ...args],
  ]
  return {
    identity: {},
    command,
    runSync: (program, args) => spawnSync(...command(program, args), { cwd: '/', encoding: 'utf8' }),
    give: (path) => chownSync(path, uid, gid),
  }
}

/** Returns the runner for programs in `binaries` and data under `directory`; both must exist. */
export function runnerFor(binaries: string, directory: string): Runner {
  if (process.getuid?.() !== 0) return asOurselves
  const { uid, gid } = serverUser()
  const reaches = (runner: Runner) =>
    runner.runSync(join(binaries, 'postgres'), ['--version']).status === 0 &&
    runner.runSync('test', ['-x', directory]).status === 0
  const found = [asServerUser(uid, gid), throughClosedDirectories(uid, gid)].find(reaches)
  if (found) return found
  throw new Error(
    `PostgreSQL does not run as root, and its user "${USER}" cannot reach ${binaries} or ${directory}: put the clone where others may enter (chmod o+x on the directories above), run as an ordinary user, or set DATABASE_URL.`,
  )
}
