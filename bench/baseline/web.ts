/** A bare web server on Next, as its guide has it: what bench/ compares the product's with. */
import { createServer } from 'node:http'
import next from 'next'

const port = Number(process.env.PORT)
const server = createServer()
const app = next({ dir: process.cwd(), hostname: 'localhost', port, httpServer: server })
const handle = app.getRequestHandler()
server.on('request', (request, response) => void handle(request, response))
await app.prepare()
server.listen(port, process.env.HOST, () => process.send?.('ready'))
