import { request as ask } from 'node:http'
import { createServer, type Server } from 'node:https'

/** Starts what stands before the product in the city: it ends TLS, and says whom it got the request from. */
export function terminateTls(identity: { key: string; cert: string }, port: number, to: number): Server {
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
