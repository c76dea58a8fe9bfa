import type { Instrumentation } from 'next'

/** Prepares a server process. Next's own hook: it runs once in each process, before that serves anything. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { beginToServe } = await import('./scripts/serving.ts')
  await beginToServe()
}

/** Logs an error of a page, a handler or an action, with the pattern of its address. Next's own hook. */
export const onRequestError: Instrumentation.onRequestError = async (
  err,
  { headers },
  { routePath, routeType },
) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { isConsoleLogged, logError } = await import('./platform/console-log.ts')
  if (!isConsoleLogged()) return
  const id = headers['x-request-id']
  logError(err, `a ${routeType} failed`, {
    route: routePath,
    kind: routeType,
    ...(typeof id === 'string' && { requestId: id }),
  })
}
