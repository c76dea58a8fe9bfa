import '#server-only'

/** The most that a web process took (ADR 82), and what is left to worker, database and system, in bytes. */
const OF_PROCESS = 1024 ** 3
const OF_OTHERS = 1024 ** 3
/** The fewest connections a process can work with: three for transactions, one beside them, one that listens. */
const LEAST = 5

/**
 * Returns how many web processes stand behind one port: as many as are asked for, else one a core, where each has
 * a gigabyte, beside one for everything else, and five connections to the database.
 *
 * @throws where more are asked for than the connections allow
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
    /** Cores that this process may use. */
    readonly cores: number
    /** Bytes of memory that it may use. */
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

// One for the process: Next has this module once in each of its bundles.
const shared = globalThis as { antamSharing?: number }

/** Notes that this process is one of so many behind one port. */
export const noteSharing = (processes: number): void => {
  shared.antamSharing = processes
}

/** Returns how many processes stand behind the port of this one, itself among them. */
export const sharingProcesses = (): number => shared.antamSharing ?? 1

/**
 * Returns one process's share of the connections. Without a limit it is 15 for one process and 10 and 5 for each of several:
 * a core that is busy keeps fewer waiting, and PostgreSQL has 100 for everybody unless told otherwise.
 */
export function shareOf(
  limit: number | undefined,
  processes: number,
): {
  /** Connections for transactions, and for what runs outside them. One more listens for signals. */
  readonly pool: number
  readonly outside: number
} {
  const share = Math.floor((limit ?? 10 + 5 * processes) / processes) - 1
  const outside = Math.max(1, Math.round((share * 4) / 14))
  return { pool: Math.max(1, share - outside), outside }
}
