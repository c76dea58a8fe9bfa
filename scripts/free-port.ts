import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds between tries: a server killed a moment ago may hold its port a little longer. */
const PAUSE = 300
const TRIES = 10

/**
 * Calls `listen` again while another program keeps its port.
 *
 * @throws `taken`, a message for the operator, if the program does not give it up
 */
export async function listenPatiently(
  listen: () => Promise<unknown>,
  taken: string,
  pause = PAUSE,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await listen()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      if (tried === TRIES) throw new Error(taken)
      await sleep(pause)
    }
  }
}

/**
 * Waits until a port is free.
 *
 * @throws a message for the operator if another program keeps the port
 */
export const untilPortIsFree = (port: number, host: string, pause?: number): Promise<void> =>
  listenPatiently(
    () => tryPort(port, host),
    `Port ${port} on ${host} is taken by another program: set PORT to a free one.`,
    pause,
  )

const tryPort = (port: number, host: string): Promise<void> =>
  new Promise((free, fail) => {
    const server = createServer()
    const refused = (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE' ? error : new Error(`Cannot listen on ${host}:${port}: ${error.message}`),
      )
    server.once('error', refused).listen(port, host, () => server.close(() => free()))
  })

export function freePort(): Promise<number> {
  return new Promise((found, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
