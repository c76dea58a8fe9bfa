import { sharedReadiness } from '#features/health/data.ts'
import { revision, version } from '#features/installation/data.ts'
import { currentMaintenance } from '#http/maintenance.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { isDraining } from '#http/shutdown.ts'
import type { Access } from '#lib/access/access.ts'
import type { Readiness } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/**
 * `GET /api/health/ready`: 200 when everything that the site needs is there, else 503, with each check by name. `degraded` is a
 * 200 too: one part has stopped, and taking the site away would stop the rest. `draining` is a 503 before any request is refused,
 * so that a proxy switches in time.
 */
export const GET = routeHandler(
  async () => {
    const headers = { 'cache-control': 'no-store' }
    const own = { version, revision: revision() }
    if (isDraining())
      return Response.json({ status: 'draining', ...own, checks: [] } satisfies Readiness, {
        ...{ status: 503, headers },
      })
    const checks = await sharedReadiness()
    const ok = checks.every((check) => check.ok)
    const status = !ok
      ? 'unavailable'
      : currentMaintenance()
        ? 'maintenance'
        : checks.some(({ stopped }) => stopped)
          ? 'degraded'
          : 'ok'
    return Response.json({ status, ...own, checks } satisfies Readiness, {
      status: ok ? 200 : 503,
      headers,
    })
  },
  { always: true },
)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
