import '#server-only'

interface DatabaseUrl {
  /** The address of each server alone, as the driver reads it, in the given order. */
  readonly servers: readonly string[]
  /** True if the writable server must be looked for: there are several, or the address asks for it. */
  readonly follows: boolean
  readonly user: string
}

const SHAPE = /^(postgres(?:ql)?:\/\/)((?:[^@/?#]*@)?)([^@/?#]+)([/?].*)?$/
/** libpq's values for a server that accepts writes. */
const WRITABLE = ['read-write', 'primary']

/**
 * Parses `postgresql://user:password@a:5432,b:5432/database?target_session_attrs=read-write`, libpq's form for several servers
 * (PostgreSQL, "Connection URIs"). node-postgres supports only one server.
 *
 * @throws Error with a readable message
 */
export function readDatabaseUrl(text: string): DatabaseUrl {
  const [, scheme = '', user = '', hosts = '', rest = ''] = SHAPE.exec(text) ?? []
  const servers = hosts.split(',').map((host) => {
    const url = URL.parse(`${scheme}${user}${host}${rest}`)
    if (!url?.hostname) throw new Error('must be postgresql://USER:PASSWORD@HOST:PORT[,HOST:PORT …]/DATABASE')
    return url
  })
  const asked = servers[0]?.searchParams.get('target_session_attrs') ?? null
  if (asked !== null && !WRITABLE.includes(asked))
    throw new Error('target_session_attrs must be read-write: all that the product asks may write')
  for (const { searchParams } of servers) searchParams.delete('target_session_attrs')
  return {
    servers: servers.map(({ href }) => href),
    follows: servers.length > 1 || asked !== null,
    user: decodeURIComponent(servers[0]?.username ?? ''),
  }
}

export function isDatabaseUrl(text: string): boolean {
  try {
    readDatabaseUrl(text)
    return true
  } catch {
    return false
  }
}
