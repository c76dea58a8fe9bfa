/** Two processes on one port, without Next. Each answers with its id, and `/slow` after half a second. */
import { createServer } from 'node:http'
import { untilAskedToStop } from '../../scripts/process.ts'
import { processesBeside, serveByProcesses, sharePort } from '../../scripts/web-processes.ts'

const port = Number(process.env.PORT)

if (processesBeside(process.argv) === null) {
  await serveByProcesses('tests/processes/web-processes.ts', 2, `http://127.0.0.1:${port}`, 5_000)
} else {
  if (process.env.UNSTARTABLE) process.exit(78)
  sharePort(port)
  const server = createServer((request, response) => {
    response.setHeader('connection', 'close')
    setTimeout(() => response.end(String(process.pid)), request.url === '/slow' ? 500 : 0)
  })
  server.listen(port, '127.0.0.1', () => process.send?.('ready'))
  await untilAskedToStop()
  if (process.send && !process.connected) process.exit(0)
  await new Promise((closed) => server.close(closed))
  process.exit(0)
}
