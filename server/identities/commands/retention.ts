import '#server-only'
import { systemScope } from '#domain/access/scope.ts'
import { monthsBefore } from '#domain/privacy/retention.ts'
import { DAY, type Instant, plus } from '#domain/time.ts'
import { retention } from '#server/platform/env.ts'
import { inScope } from '#server/platform/scope.ts'
import { removeIdle } from '../repository.ts'

/** Forgets who has not signed in for long, and who came, kept no case, and has no session any more. */
export const forgetIdle = (now: Instant): Promise<number> =>
  inScope(systemScope(), () => removeIdle(monthsBefore(now, retention().identityMonths), plus(now, -DAY)))
