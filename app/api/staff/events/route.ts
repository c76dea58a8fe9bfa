import { countTasks } from '#features/tasks/data.ts'
import { watchTasks } from '#features/tasks/live-data.ts'
import { totalOf } from '#features/tasks/rules.ts'
import { problem } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { watchingStaff } from '#http/session.ts'
import { isDraining, onDraining } from '#http/shutdown.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'signed in' satisfies Access

/** Unread messages after which a client's stream is closed. */
const MOST_UNREAD = 20

const HEADERS = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }

/**
 * `GET /api/staff/events`: the number of the person's waiting tasks, as server-sent events until their session ends. With `?once`
 * it is JSON, for proxies that hold a stream back. Neither keeps the session alive. 204 stops the client's retries.
 */
export const GET = routeHandler(async (request) => {
  const staff = await watchingStaff()
  if (!staff) return new Response(null, { status: 204, headers: HEADERS })
  if (new URL(request.url).searchParams.has('once'))
    return Response.json({ total: totalOf(await countTasks(staff, new Date())) }, { headers: HEADERS })
  const encoder = new TextEncoder()
  let leave: (() => void) | null = null
  let full = false
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const close = () => {
          leave?.()
          try {
            controller.close()
          } catch {
            // The client has closed it.
          }
        }
        const send = (text: string) => {
          if ((controller.desiredSize ?? 0) < -MOST_UNREAD) close()
          else controller.enqueue(encoder.encode(text))
        }
        const unwatch = watchTasks(staff, {
          count: (total) => send(`event: count\ndata: ${JSON.stringify({ total })}\n\n`),
          beat: () => send(':\n\n'),
          end: () => {
            send('event: ended\ndata: {}\n\n')
            close()
          },
        })
        full = unwatch === null
        if (full) return
        // The browser reconnects after `retry`, to a server that is not draining. The delays differ, so that clients do not all
        // reconnect at once.
        const stay = onDraining(() => {
          send(`retry: ${500 + Math.floor(Math.random() * 2_500)}\n\n`)
          close()
        })
        leave = () => {
          unwatch?.()
          stay()
        }
        request.signal.addEventListener('abort', close)
        send('retry: 5000\n\n')
        if (isDraining()) close()
      },
      cancel() {
        leave?.()
      },
    },
    { highWaterMark: 1 },
  )
  if (full)
    return problem({ status: 503, code: 'busy', title: 'Too many open streams' }, { 'retry-after': '60' })
  return new Response(body, { headers: { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' } })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
