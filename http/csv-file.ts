import '#server-only'
import { privateFile } from './private-file.ts'

/** Streams CSV as a download. A slow reader never makes the server hold more than one or two pieces. */
export function csvFile(name: string, pieces: AsyncGenerator<string>): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      // Runs only when the client reads.
      async pull(controller) {
        const { value, done } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 1 },
  )
  return privateFile(`${name}.csv`, body)
}
