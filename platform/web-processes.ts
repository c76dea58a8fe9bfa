import '#server-only'

/** Bytes: the measured maximum of a web process (ADR 82), and the reserve for worker, database and system. */
const OF_PROCESS = 1024 ** 3
const OF_OTHERS = 1024 ** 3
/** The minimum of connections for a process: three for transactions, one for statements outside them, one for listening. */
const LEAST = 5

/**
 * Returns the number of web processes behind one port: the requested number, or else one per core, with a gigabyte for each and
 * one for everything else, and five database connections for each.
 *
 * @throws if more are requested than the connections allow
 */
export function processesFor(
  {
    WEB_PROCESSES: asked,
    DATABASE_CONNECTIONS: connections,
  }: {
    readonly WEB_PROCESSES?: number | undefined
    readonly DATABASE_CONNECTIONS?: number | undefined
  },
  {
    cores,
    memory,
  }: {
    readonly cores: number
    /** Bytes of memory available to this process. */
    readonly memory: number
  },
): number {
  const byConnections = connections === undefined ? cores : Math.floor(connections / LEAST)
  if (asked === undefined) {
    const byMemory = Math.floor((memory - OF_OTHERS) / OF_PROCESS)
    return Math.max(1, Math.min(cores, byMemory, byConnections))
  }
  if (connections !== undefined && asked > byConnections)
    throw new Error(
      `DATABASE_CONNECTIONS: ${connections} are too few for ${asked} web processes, of which each needs ${LEAST}`,
    )
  return asked
}

// One per process: each of Next's bundles contains this module.
const shared = globalThis as { antamSharing?: number }

export const noteSharing = (processes: number): void => {
  shared.antamSharing = processes
}

/** Returns the number of processes behind this port, including this one. */
export const sharingProcesses = (): number => shared.antamSharing ?? 1

/**
 * Returns one process's share of the connections. Without a limit, all processes together get 10 connections and 5 more for
 * each: with several processes, fewer requests wait in each, and PostgreSQL has 100 connections by default.
 */
export function shareOf(
  limit: number | undefined,
  processes: number,
): {
  /** Connections for transactions, and for statements outside them. One more listens for signals. */
  readonly pool: number
  readonly outside: number
} {
  const share = Math.floor((limit ?? 10 + 5 * processes) / processes) - 1
  const outside = Math.max(1, Math.round((share * 4) / 14))
  return { pool: Math.max(1, share - outside), outside }
}
