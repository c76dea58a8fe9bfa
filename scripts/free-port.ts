import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds between tries: a server killed a moment ago may hold its port a little longer. */
const PAUSE = 300
const TRIES = 10

function tryPort(port: number, host: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((settled) => {
    const server = createServer()
    server.once('error', settled).listen(port, host, () => server.close(() => settled(null)))
  })
}

/**
 * Waits until a port is free.
 *
 * @throws a message for the operator if another program keeps the port
 */
export async function untilPortIsFree(port: number, host: string, pause = PAUSE): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const error = await tryPort(port, host)
    if (error === null) return
    if (error.code !== 'EADDRINUSE') throw new Error(`Cannot listen on ${host}:${port}: ${error.message}`)
    if (attempt === TRIES)
      throw new Error(`Port ${port} on ${host} is taken by another program: set PORT to a free one.`)
    await sleep(pause)
  }
}

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
