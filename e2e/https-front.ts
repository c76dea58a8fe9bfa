import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../scripts/free-port.ts'
import { selfSigned } from './certificate.ts'
import { type Product, startProduct } from './product.ts'

/** Starts a product under https behind a TLS proxy; `stop` ends both. */
export async function startUnderHttps(host: string, env: Record<string, string> = {}): Promise<Product> {
  const [secure, plain] = [await freePort(), await freePort()]
  const [identity, folder] = [selfSigned(), mkdtempSync(join(tmpdir(), 'antam-tls-'))]
  const front = terminateTls(identity, secure, plain)
  const authority = join(folder, 'cert.pem')
  writeFileSync(authority, identity.cert)
  const product = await startProduct({
    PORT: String(plain),
    PUBLIC_URL: `https://${host}:${secure}`,
    // The demo carriers reach the product by https, so they need its certificate.
    NODE_EXTRA_CA_CERTS: authority,
    ...env,
  })
  return {
    ...product,
    async stop() {
      front.close()
      front.closeAllConnections()
      await product.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Starts the city's proxy. It ends TLS, and passes on the client's address. */
function terminateTls(identity: { key: string; cert: string }, port: number, to: number): Server {
  const server = createServer(identity, (request, response) => {
    const headers = { ...request.headers, 'x-forwarded-for': request.socket.remoteAddress ?? '' }
    const { method, url: path } = request
    const passed = ask({ port: to, host: '127.0.0.1', method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  })
  return server.listen(port, '127.0.0.1')
}
