import { SECRETS, VARIABLES } from '#platform/env-schema.ts'

/**
 * The kinds of process in an installation. Commands get a web server's variables, except audit:resume, which gets a
 * worker's.
 */
export const KINDS = ['web', 'worker', 'migrate'] as const
export type Kind = (typeof KINDS)[number]

/** Variables for only some kinds of process: a process with fewer secrets can leak fewer. */
const ONLY: Readonly<Record<string, readonly Kind[]>> = {
  DATABASE_URL: ['web', 'worker', 'migrate'],
  DATABASE_READ_URL: ['web'],
  DATABASE_OWNER_URL: ['migrate'],
  /** A migration loads the city's own reference data, and refuses another city's database. */
  CITY: ['web', 'worker', 'migrate'],
  /** Signs the audit log. */
  ANTAM_AUDIT_KEY: ['worker'],
  ANTAM_AUDIT_KEY_ALSO: ['worker'],
  ANTAM_AUDIT_PUBLIC_KEY: ['web'],
  HOST: ['web'],
  PORT: ['web'],
}

/** One line of a process's environment; `shown` is null for a secret that was given directly as a value. */
export interface Need {
  readonly name: string
  readonly value: string
  readonly shown: string | null
}

/**
 * Returns the given variables that a kind of process needs, in the order of the documented table; secrets as files if
 * they were given as files.
 */
export function needsOf(kind: Kind, env: Readonly<Record<string, string | undefined>>): Need[] {
  return VARIABLES.filter((name) => (ONLY[name] ?? ['web', 'worker']).includes(kind)).flatMap((name) => {
    const file = SECRETS.includes(name) ? env[`${name}_FILE`] : undefined
    if (file) return [{ name: `${name}_FILE`, value: file, shown: file }]
    const value = env[name]
    if (!value) return []
    const open = !SECRETS.includes(name) || name === 'ANTAM_AUDIT_PUBLIC_KEY'
    return [{ name, value, shown: open ? value : null }]
  })
}

/** Returns a line that shells, systemd and compose files can read. */
export const asLine = (name: string, value: string): string =>
  /^[\w@%+=:,./~-]*$/.test(value) ? `${name}=${value}` : `${name}="${value.replace(/["\\$`]/g, '\\$&')}"`
