import '#server-only'
import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Milliseconds for another machine's answer. */
const PATIENCE = 3_000

/** Returns null if a server listens at an address, otherwise the error code, such as `ECONNREFUSED`. */
export async function reachFault(host: string, port: number): Promise<string | null> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PATIENCE) })
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'failed'
  } finally {
    socket.destroy()
  }
}

/**
 * Returns the expiry of a server's certificate, regardless of its issuer.
 *
 * @throws if it shows none in time
 */
export async function certificateEnd(host: string, port: number): Promise<Date> {
  const socket = connectTls({ host, port, servername: host, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(PATIENCE) })
    return new Date(socket.getPeerCertificate().valid_to)
  } finally {
    socket.destroy()
  }
}
